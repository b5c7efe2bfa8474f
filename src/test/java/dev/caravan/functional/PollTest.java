package dev.caravan.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.simulator.Endpoint;
import dev.caravan.simulator.Fault;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;

/** When batches are looked at, and what their age demands (design §7). */
class PollTest {
  @TempDir Path home;

  private InvoiceNight posted(TestDatabase database, Fault... faults) throws Exception {
    InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 4).start();
    night.simulator().faults(faults);
    return night.extract().submit();
  }

  private static long looks(InvoiceNight night) {
    return night.simulator().books().calls().get(Endpoint.RETRIEVE);
  }

  @EachDatabase(DatabaseVendor.H2)
  void looksDoubleUpToTheLongestWait(TestDatabase database) throws Exception {
    try (InvoiceNight night = posted(database, new Fault.Slow(Duration.ofHours(4)))) {
      int[] minutes = {4, 1, 9, 1, 19, 1, 29, 1, 29, 1};
      long[] expected = {0, 1, 1, 2, 2, 3, 3, 4, 4, 5};
      for (int i = 0; i < minutes.length; i++) {
        night.minutes(minutes[i]).poll().poll();
        assertThat(looks(night)).as("look " + i).isEqualTo(expected[i]);
      }
    }
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void anAlertComesAtTwentyHoursAndACancelAtTwentyThree(TestDatabase database) throws Exception {
    try (InvoiceNight night =
        posted(database, new Fault.NeverEnds(0), new Fault.PartialCancel(0.5))) {
      night.advance(Duration.ofHours(19)).poll();
      assertThat(night.mails()).isEmpty();
      night.advance(Duration.ofMinutes(61)).poll().minutes(31).poll();
      assertThat(night.mails()).hasSize(1);
      assertThat(night.simulator().books().calls()).containsEntry(Endpoint.CANCEL, 0L);
      night.simulator().faults(new Fault.CutAfter(Endpoint.CANCEL));
      night.advance(Duration.ofMinutes(150)).poll();
      assertThat(night.simulator().books().calls().get(Endpoint.CANCEL)).isPositive();
      night.minutes(6).tick();
      assertThat(night.count("invoices where loads = 1")).isEqualTo(2);
      night.untilDone();
      assertThat(night.count("invoices where loads = 1")).isEqualTo(4);
      assertThat(night.count("caravan_request where cause = 'canceled_late'")).isEqualTo(2);
      assertThat(night.pause()).isEmpty();
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void anIdThatIsNotFoundIsWaitedForTenMinutesAndThenHeld(TestDatabase database) throws Exception {
    try (InvoiceNight night = posted(database, new Fault.Hidden(Duration.ofMinutes(8)))) {
      for (int i = 0; i < 10; i++) {
        night.minutes(1).tick();
      }
      assertThat(night.states()).doesNotContain("held");
      night.untilDone();
    }
  }

  @EachDatabase
  void anIdThatStaysUnknownIsHeldAndItsRecordsAreNotSentAgain(TestDatabase database)
      throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 4).start()) {
      // it has been in doubt before, so that the looks of a doubt could mistake it for lost
      night
          .simulator()
          .faults(new Fault.CutAfter(Endpoint.CREATE), new Fault.Slow(Duration.ofMinutes(3)));
      night.extract().submit();
      for (int i = 0; i < 4; i++) {
        night.minutes(1).poll();
      }
      database.execute(
          "update caravan_batch set state = 'in_progress', ended_at = null,"
              + " next_look_at = post_began_at");
      night.simulator().fault(Fault.refuse(Endpoint.RETRIEVE, 404), 0, 1000);
      for (int i = 0; i < 30; i++) {
        night.minutes(5).poll();
        night.resend().submit();
      }
      assertThat(night.states()).containsExactly("held");
      assertThat(night.accepted()).isEqualTo(1);
      assertThat(night.mails()).anyMatch(subject -> subject.contains("does not know it"));
    }
  }

  @EachDatabase(DatabaseVendor.MARIADB)
  void aLookThatFailsIsMadeAgain(TestDatabase database) throws Exception {
    try (InvoiceNight night = posted(database)) {
      night
          .simulator()
          .fault(Fault.refuse(Endpoint.RETRIEVE, 500), 0, 3)
          .fault(new Fault.CutAfter(Endpoint.RETRIEVE), 0, 3);
      night.untilDone();
      assertThat(night.count("invoices where loads = 1")).isEqualTo(4);
    }
  }
}
