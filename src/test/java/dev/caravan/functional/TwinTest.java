package dev.caravan.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.simulator.Fault;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;

/**
 * A batch given up as lost that turns up all the same (R5): used where it can be, booked always.
 */
class TwinTest {
  @TempDir Path home;

  /** Three records in doubt; the API takes their batch only when it has been given up as lost. */
  private InvoiceNight lost(TestDatabase database) throws Exception {
    InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 3).start();
    night.simulator().faults(new Fault.AcceptLate(Duration.ofMinutes(30)));
    night.extract().submit();
    for (int i = 0; i < 5; i++) {
      night.minutes(5).poll();
    }
    assertThat(night.states()).containsExactly("lost");
    assertThat(night.count("caravan_request where outcome = 'retry' and cause = 'lost'"))
        .isEqualTo(3);
    return night;
  }

  /** The hourly look that finds the twin, and the collect of what it brings. */
  private static void findTwin(InvoiceNight night) {
    night.minutes(61).poll().poll().collect();
    assertThat(night.count("caravan_batch where lost_at is not null and state = 'collected'"))
        .isEqualTo(1);
  }

  @EachDatabase
  void answersRecordsThatWereNotSentAgainYet(TestDatabase database) throws Exception {
    try (InvoiceNight night = lost(database)) {
      findTwin(night);
      night.tick();
      assertThat(night.accepted()).isEqualTo(1);
      assertThat(night.count("invoices where loads = 1")).isEqualTo(3);
      assertThat(night.count("caravan_run where state = 'ended'")).isEqualTo(1);
      assertThat(night.mails()).anyMatch(subject -> subject.contains("was accepted after all"));
    }
  }

  @EachDatabase
  void answersOpenRecordsOnceAndTheNewerLineIsOnlyBooked(TestDatabase database) throws Exception {
    try (InvoiceNight night = lost(database)) {
      night.simulator().faults(new Fault.Slow(Duration.ofHours(5)));
      night.resend().submit();
      assertThat(night.states()).containsExactly("lost", "in_progress");
      findTwin(night);
      assertThat(night.count("invoices where loads = 1")).isEqualTo(3);
      assertThat(night.count("caravan_request where superseded = true and outcome is null"))
          .isEqualTo(3);
      night.untilDone(Duration.ofMinutes(31));
      assertThat(night.accepted()).isEqualTo(2);
      assertThat(
              night.count(
                  "caravan_record where outcome = 'completed' and cause = 'superseded' and cost_usd > 0"))
          .isEqualTo(3);
      assertThat(night.fixture().ledger().reports.paidTwice(runId(night))).hasSize(1);
    }
  }

  @EachDatabase
  void isOnlyBookedWhereTheRecordIsAnsweredAlready(TestDatabase database) throws Exception {
    try (InvoiceNight night = lost(database)) {
      night.resend().submit();
      night.minutes(6).poll().collect();
      assertThat(night.count("caravan_run where state = 'ended'")).isEqualTo(1);
      findTwin(night);
      assertThat(night.count("invoices where loads = 1")).isEqualTo(3);
      assertThat(night.count("caravan_request where cause = 'paid_twice' and cost_usd > 0"))
          .isEqualTo(3);
      assertThat(night.fixture().ledger().reports.paidTwice(runId(night))).hasSize(1);
    }
  }

  @EachDatabase
  void aReadyBatchWithAnsweredRecordsIsNotPostedAsItIs(TestDatabase database) throws Exception {
    try (InvoiceNight night = lost(database)) {
      night.simulator().faults(new Fault.Expired(Pattern.compile("INV-2$")));
      night.resend();
      assertThat(night.states()).containsExactly("lost", "ready");
      findTwin(night);
      night.simulator().clearFaults();
      night.untilDone();
      assertThat(night.accepted()).isEqualTo(2);
      assertThat(night.simulator().books().batches().get(1).requests()).isEqualTo(1);
      assertThat(night.count("invoices where loads = 1")).isEqualTo(3);
      assertThat(night.outcome("INV-1")).isEqualTo("completed superseded");
      assertThat(night.outcome("INV-2")).isEqualTo("completed");
    }
  }

  @EachDatabase
  void aWaitingRecordIsNotSentAgain(TestDatabase database) throws Exception {
    try (InvoiceNight night = lost(database)) {
      night.simulator().fault(new Fault.Expired(Pattern.compile("INV")), 0, 3);
      night.resend().submit();
      night.minutes(6).poll().collect();
      assertThat(night.count("caravan_record where outcome = 'retry' and cause = 'expired'"))
          .isEqualTo(3);
      findTwin(night);
      night.tick();
      assertThat(night.accepted()).isEqualTo(2);
      assertThat(night.count("caravan_record where cause = 'superseded'")).isEqualTo(3);
      assertThat(night.count("invoices where loads = 1")).isEqualTo(3);
      assertThat(night.count("caravan_run where state = 'ended'")).isEqualTo(1);
    }
  }

  @EachDatabase
  void anAnswerThatCanNotBeLoadedSupersedesNothing(TestDatabase database) throws Exception {
    try (InvoiceNight night = lost(database)) {
      night.simulator().faults(new Fault.Slow(Duration.ofHours(5)));
      night.resend().submit();
      database.execute("delete from invoices where invoice_no = 'INV-2'");
      findTwin(night);
      assertThat(night.count("caravan_request where superseded = true")).isEqualTo(2);
      night.invoices(2, 2).untilDone(Duration.ofMinutes(31));
      assertThat(night.outcome("INV-2")).isEqualTo("completed");
    }
  }

  @EachDatabase
  void bothBatchesCollectedAtOnceApplyEachAnswerOnce(TestDatabase database) throws Exception {
    try (InvoiceNight night = lost(database)) {
      night.resend().submit();
      night.minutes(61).poll().poll();
      assertThat(night.states()).containsExactly("ended", "ended");
      Runnable collect =
          () -> night.fixture().application().call("direct:collect", java.util.Map.of());
      Thread other = new Thread(collect);
      other.start();
      collect.run();
      other.join();
      night.minutes(2).collect();
      assertThat(night.states()).containsExactly("collected", "collected");
      assertThat(night.count("invoices where loads = 1")).isEqualTo(3);
    }
  }

  private static long runId(InvoiceNight night) {
    return ((Number) night.fixture().row("select id from caravan_run").get("id")).longValue();
  }
}
