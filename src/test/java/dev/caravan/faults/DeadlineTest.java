package dev.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.simulator.Endpoint;
import dev.caravan.simulator.Fault;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.StatusCommand;
import dev.caravan.testing.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/**
 * The deadline chain: alert at 20 h, cancel at 23 h, what finished is collected and the rest is
 * sent again, whatever stands in its way.
 */
@Tag("faults")
class DeadlineTest {
  private static final int RECORDS = 10;
  private static final Fault[] NONE = {};

  @TempDir Path home;

  private InvoiceNight posted(TestDatabase database, Fault... faults) throws Exception {
    return posted(InvoiceNight.in(home, database), faults);
  }

  private static InvoiceNight posted(InvoiceNight night, Fault... faults) {
    night.start().simulator().faults(new Fault.NeverEnds(0.4), new Fault.PartialCancel(0.4));
    night.simulator().faults(faults);
    return night.more(RECORDS);
  }

  private static long cancels(InvoiceNight night) {
    return night.simulator().books().calls().getOrDefault(Endpoint.CANCEL, 0L);
  }

  private static List<String> late(InvoiceNight night) {
    return night.mails().stream().filter(mail -> mail.contains(" h old")).toList();
  }

  /** Ticks every {@code step} of the clock for so long. */
  private static void run(InvoiceNight night, Duration time, Duration step) {
    for (Duration t = Duration.ZERO; t.compareTo(time) < 0; t = t.plus(step)) {
      night.advance(step).tick();
    }
  }

  private static void run(InvoiceNight night, Duration time) {
    run(night, time, Duration.ofMinutes(5));
  }

  /** Four were finished before the cancel, the others are answered by the next batch. */
  private static void finished(InvoiceNight night, String cause) {
    night.minutes(1).tick();
    assertThat(night.states()).hasSize(2);
    assertThat(night.count("invoices where loads = 1")).isGreaterThanOrEqualTo(4);
    night.untilDone();
    assertThat(night.count("invoices where loads = 1")).isEqualTo(RECORDS);
    assertThat(night.count("caravan_request where cause = '" + cause + "'")).isEqualTo(6);
    assertThat(night.accepted()).isEqualTo(2);
    assertThat(night.pause()).isEmpty();
  }

  @EachDatabase({DatabaseVendor.POSTGRESQL, DatabaseVendor.MARIADB})
  void isKeptHoweverRarelyBatchesAreLookedAt(TestDatabase database) throws Exception {
    try (InvoiceNight night =
        posted(InvoiceNight.in(home, database).set("poll.first", "5h").set("poll.max", "17h"))) {
      run(night, Duration.ofMinutes(20 * 60 - 5));
      assertThat(late(night)).isEmpty();
      run(night, Duration.ofMinutes(5));
      assertThat(late(night))
          .containsExactly(
              "Caravan: Batch %s of job invoices is 20 h old".formatted(night.newest().nonce()));
      assertThat(StatusCommand.of(night.fixture(), InvoiceNight.JOB))
          .contains("LATE, alerted", "it is canceled, what finished is loaded");
      run(night, Duration.ofMinutes(175));
      assertThat(cancels(night)).isZero();
      run(night, Duration.ofMinutes(5));
      assertThat(cancels(night)).isEqualTo(1);
      assertThat(night.states()).containsExactly("in_progress");
      // canceled at 23 h; one minute later it has ended and is collected, then sent again
      night.minutes(1).tick();
      night.minutes(1).tick();
      assertThat(night.states()).containsExactly("collected", "in_progress");
      assertThat(late(night)).hasSize(1);
      finished(night, "canceled_late");
      FaultTable.tried("batch runs on: alert at 20 h, cancel at 23 h", night);
    }
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void givesARecordThreeAttemptsAndNoMore(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).start()) {
      night
          .simulator()
          .fault(new Fault.NeverEnds(0), 0, 9)
          .fault(new Fault.PartialCancel(0.1), 0, 9);
      night.more(RECORDS);
      run(night, Duration.ofHours(75), Duration.ofMinutes(30));
      assertThat(night.accepted()).isEqualTo(3);
      assertThat(night.count("caravan_run where state = 'ended'")).isEqualTo(1);
      assertThat(
              night.count(
                  "caravan_record where outcome = 'rejected' and cause = 'canceled_late' and attempt = 3"))
          .isEqualTo(RECORDS - night.count("invoices where loads = 1"));
      assertThat(late(night)).hasSize(3);
      FaultTable.tried("batches run on three times in a row", night);
    }
  }

  @EachDatabase(DatabaseVendor.MARIADB)
  void holdsWhenNobodyLookedFromHour22To26(TestDatabase database) throws Exception {
    try (InvoiceNight night = posted(database)) {
      run(night, Duration.ofHours(22), Duration.ofMinutes(30));
      assertThat(late(night)).hasSize(1);
      night.fixture().stop();
      night.advance(Duration.ofHours(4)).start().tick();
      assertThat(cancels(night)).isZero();
      finished(night, "expired");
      FaultTable.tried("down from 22 h to 26 h, the batch has expired", night);
    }
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void cancelsAtOnceWhatStillRunsAt26Hours(TestDatabase database) throws Exception {
    try (InvoiceNight night = posted(database, new Fault.Overdue(Duration.ofHours(9)))) {
      run(night, Duration.ofHours(22), Duration.ofMinutes(30));
      night.fixture().stop();
      night.advance(Duration.ofHours(4)).start().tick();
      assertThat(cancels(night)).isEqualTo(1);
      night.minutes(1).tick();
      finished(night, "canceled_late");
      FaultTable.tried("down from 22 h to 26 h, the batch still runs", night);
    }
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void tellsAndCancelsAtOnceWhenTheFirstLookIsAt23And30(TestDatabase database) throws Exception {
    try (InvoiceNight night = posted(database)) {
      run(night, Duration.ofHours(19), Duration.ofMinutes(30));
      night.fixture().stop();
      night.advance(Duration.ofMinutes(270)).start().tick();
      assertThat(late(night)).hasSize(1);
      assertThat(night.count("caravan_mail where plain like '%It is canceled now%'")).isEqualTo(1);
      assertThat(cancels(night)).isEqualTo(1);
      night.minutes(1).tick();
      finished(night, "canceled_late");
      FaultTable.tried("down across 20 h and 23 h", night);
    }
  }

  @EachDatabase(DatabaseVendor.MARIADB)
  void tellsOnceWhenItWasDownAt20HoursAndAgainAt23(TestDatabase database) throws Exception {
    try (InvoiceNight night = posted(database)) {
      run(night, Duration.ofHours(19), Duration.ofMinutes(30));
      night.restart().advance(Duration.ofHours(2)).tick();
      assertThat(late(night)).hasSize(1);
      night.restart().advance(Duration.ofMinutes(150)).tick();
      assertThat(late(night)).hasSize(1);
      assertThat(cancels(night)).isEqualTo(1);
      night.minutes(1).tick();
      finished(night, "canceled_late");
      FaultTable.tried("down at 20 h and again at 23 h", night);
    }
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void asksAgainForACancelThatWasRefusedOrLost(TestDatabase database) throws Exception {
    try (InvoiceNight night = posted(database)) {
      night
          .simulator()
          .faults(
              Fault.refuse(Endpoint.CANCEL, 409),
              Fault.refuse(Endpoint.CANCEL, 404),
              Fault.refuse(Endpoint.CANCEL, 500))
          // a call that only reads or may be repeated is tried three times at each look
          .fault(new Fault.CutBefore(Endpoint.CANCEL), 0, 3)
          .fault(new Fault.CutAfter(Endpoint.CANCEL), 0, 3);
      run(night, Duration.ofHours(23), Duration.ofMinutes(30));
      assertThat(cancels(night)).isEqualTo(1);
      run(night, Duration.ofMinutes(4), Duration.ofMinutes(1));
      assertThat(cancels(night)).isEqualTo(3 + 3 + 3);
      run(night, Duration.ofMinutes(1), Duration.ofMinutes(1));
      finished(night, "canceled_late");
      FaultTable.tried("cancel refused (409, 404, 500), then lost before and after", night);
    }
  }

  @EachDatabase(DatabaseVendor.MARIADB)
  void waitsForABatchThatIgnoresItsCancelUntilItExpires(TestDatabase database) throws Exception {
    try (InvoiceNight night =
        posted(InvoiceNight.in(home, database, o -> o.withCanceling(Duration.ofHours(3))), NONE)) {
      run(night, Duration.ofMinutes(24 * 60 - 5));
      assertThat(night.states()).containsExactly("canceling");
      assertThat(cancels(night)).isEqualTo(1);
      run(night, Duration.ofMinutes(10));
      finished(night, "expired");
      FaultTable.tried("cancel ignored until the batch expires", night);
    }
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void isNotMovedByRetryAfter(TestDatabase database) throws Exception {
    try (InvoiceNight night =
        posted(InvoiceNight.in(home, database, o -> o.withRetryAfter(7 * 3600)))) {
      run(night, Duration.ofHours(21), Duration.ofMinutes(30));
      night.simulator().faults(Fault.refuse(Endpoint.RETRIEVE, 429, 8 * 3600));
      run(night, Duration.ofHours(2), Duration.ofMinutes(30));
      assertThat(cancels(night)).isEqualTo(1);
      run(night, Duration.ofHours(1));
      finished(night, "canceled_late");
      FaultTable.tried("retry-after beyond the deadlines", night);
    }
  }

  @EachDatabase(DatabaseVendor.MARIADB)
  void isKeptBeforeTheExpiryWhenTheLookAt23HoursIsPutOff(TestDatabase database) throws Exception {
    try (InvoiceNight night = posted(database)) {
      run(night, Duration.ofMinutes(22 * 60 + 50), Duration.ofMinutes(10));
      night.simulator().faults(Fault.refuse(Endpoint.RETRIEVE, 429, 8 * 3600));
      run(night, Duration.ofMinutes(50));
      assertThat(cancels(night)).isZero();
      run(night, Duration.ofMinutes(15));
      assertThat(cancels(night)).isEqualTo(1);
      run(night, Duration.ofMinutes(4), Duration.ofMinutes(1));
      finished(night, "canceled_late");
      FaultTable.tried("retry-after beyond the deadlines", night);
    }
  }
}
