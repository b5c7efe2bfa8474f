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

/** Lost answers to the create POST (design §6): nothing is paid twice, nothing applied twice. */
class DoubtTest {
  @TempDir Path home;

  @EachDatabase(DatabaseVendor.MARIADB)
  void adoptsItsOwnBatchWhenTheAnswerWasLost(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 3).start()) {
      night.simulator().faults(new Fault.CutAfter(Endpoint.CREATE));
      night.extract().submit();
      assertThat(night.states()).containsExactly("doubt");
      night.untilDone(Duration.ofMinutes(1));
      assertThat(night.accepted()).isEqualTo(1);
      assertThat(night.count("invoices where loads = 1")).isEqualTo(3);
      assertThat(night.states()).containsExactly("collected");
    }
  }

  @EachDatabase
  void postsNothingWhileACandidateIsOpen(TestDatabase database) throws Exception {
    try (InvoiceNight night =
        InvoiceNight.in(home, database, o -> o.withProcessing(Duration.ofHours(1)))
            .invoices(1, 3)
            .start()) {
      night.simulator().faults(new Fault.CutBefore(Endpoint.CREATE));
      night.extract().submit();
      night.simulator().foreignBatch(3);
      for (int i = 0; i < 11; i++) {
        night.minutes(5).tick();
        assertThat(night.count("caravan_candidate where state = 'open'")).isEqualTo(1);
        assertThat(night.accepted()).isZero();
      }
      assertThat(night.states()).containsExactly("doubt");
      night.untilDone();
      assertThat(night.accepted()).isEqualTo(1);
      assertThat(night.count("caravan_candidate where state = 'excluded'")).isEqualTo(1);
      assertThat(night.count("invoices where loads = 1")).isEqualTo(3);
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void choosesItsOwnOfTwoBatchesWithTheSameCount(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 4).start()) {
      night.simulator().foreignBatch(4);
      night.simulator().faults(new Fault.CutAfter(Endpoint.CREATE));
      night.extract().submit();
      night.simulator().foreignBatch(4);
      night.untilDone(Duration.ofMinutes(1));
      assertThat(night.accepted()).isEqualTo(1);
      assertThat(night.count("caravan_candidate where state = 'excluded'")).isLessThanOrEqualTo(2);
      assertThat(night.count("caravan_candidate where state = 'ours'")).isEqualTo(1);
    }
  }

  @EachDatabase
  void sendsTheSameRecordsUnderANewNonceWhenNothingArrived(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 3).start()) {
      night.simulator().faults(new Fault.CutBefore(Endpoint.CREATE));
      night.extract().submit();
      night.minutes(1).tick().minutes(2).tick().minutes(3).tick();
      assertThat(night.states()).containsExactly("doubt");
      night.untilDone(Duration.ofMinutes(4));
      assertThat(night.states()).containsExactly("lost", "collected");
      assertThat(night.accepted()).isEqualTo(1);
      assertThat(night.count("caravan_request where attempt = 1 and outcome = 'completed'"))
          .isEqualTo(3);
    }
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void findsABatchThatWasAcceptedLate(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 3).start()) {
      night.simulator().faults(new Fault.AcceptLate(Duration.ofMinutes(5)));
      night.extract().submit();
      night.untilDone(Duration.ofMinutes(1));
      assertThat(night.accepted()).isEqualTo(1);
      assertThat(night.states()).containsExactly("collected");
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void aLookCountsOnlyIfEveryPageWasRead(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 3).start()) {
      night.simulator().faults(new Fault.CutBefore(Endpoint.CREATE));
      night.extract().submit();
      night.simulator().fault(Fault.refuse(Endpoint.LIST, 500), 0, 8);
      for (int i = 0; i < 7; i++) {
        night.minutes(10).tick();
      }
      assertThat(night.states()).containsExactly("doubt");
      assertThat(night.count("caravan_batch where doubt_looks = 0")).isEqualTo(1);
      night.simulator().clearFaults();
      night.untilDone();
      assertThat(night.states()).containsExactly("lost", "collected");
    }
  }

  @EachDatabase
  void noTwoBatchesOfTheSameCountAreEverInDoubt(TestDatabase database) throws Exception {
    try (InvoiceNight night =
        InvoiceNight.in(home, database).property("max-requests=2").invoices(1, 4).start()) {
      night.simulator().fault(new Fault.CutBefore(Endpoint.CREATE), 0, 2);
      night.extract().submit();
      assertThat(night.states()).containsExactlyInAnyOrder("doubt", "ready");
      assertThat(night.count("caravan_batch where cause = 'same_count'")).isEqualTo(1);
      night.untilDone();
      assertThat(night.count("invoices where loads = 1")).isEqualTo(4);
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void aPersonIsAskedAfterTwoHoursAndTheCandidateIsFollowedOn(TestDatabase database)
      throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 3).start()) {
      night
          .simulator()
          .faults(new Fault.CutAfter(Endpoint.CREATE), new Fault.Slow(Duration.ofHours(3)));
      night.extract().submit();
      for (int i = 0; i < 25; i++) {
        night.minutes(5).tick();
      }
      assertThat(night.states()).containsExactly("held");
      assertThat(night.mails()).anyMatch(subject -> subject.contains("is held"));
      night.untilDone();
      assertThat(night.accepted()).isEqualTo(1);
      assertThat(night.states()).containsExactly("collected");
    }
  }

  @EachDatabase(DatabaseVendor.MARIADB)
  void anAnswerOf500Or529IsDoubtEvenIfTheBatchWasTaken(TestDatabase database) throws Exception {
    try (InvoiceNight night =
        InvoiceNight.in(home, database).property("max-requests=2").invoices(1, 3).start()) {
      night
          .simulator()
          .faults(new Fault.Refuse(Endpoint.CREATE, 529, null, null, null, 2, true))
          .faults(Fault.refuse(Endpoint.CREATE, 500));
      night.extract().submit();
      assertThat(night.states()).containsExactly("doubt", "doubt");
      night.untilDone(Duration.ofMinutes(2));
      assertThat(night.accepted()).isEqualTo(2);
      assertThat(night.count("caravan_batch where state = 'lost'")).isEqualTo(1);
    }
  }

  @EachDatabase
  void aPostOfADeadProcessIsLookedForOnceItCanNotBeRunningAnyMore(TestDatabase database)
      throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 3).start()) {
      night.extract().submit();
      night.fixture().stop();
      database.execute(
          "update caravan_batch set state = 'submitting', msgbatch_id = null, created_at = null,"
              + " next_look_at = null, doubt_count = 3, owner = 'dead',"
              + " lease_until = timestamp '2020-01-01 00:00:00'");
      deleteIdFiles();
      night.start().minutes(20);
      night.untilDone();
      assertThat(night.accepted()).isEqualTo(1);
      assertThat(night.states()).containsExactly("collected");
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void theIdOnDiskIsEnoughToKeepABatch(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 3).start()) {
      night.extract().submit();
      night.fixture().stop();
      database.execute(
          "update caravan_batch set state = 'submitting', msgbatch_id = null, created_at = null,"
              + " next_look_at = null, doubt_count = 3, owner = 'dead',"
              + " lease_until = timestamp '2020-01-01 00:00:00'");
      night.start().minutes(20).poll();
      assertThat(night.states()).containsExactly("in_progress");
      assertThat(night.count("caravan_candidate")).isZero();
      night.untilDone();
      assertThat(night.accepted()).isEqualTo(1);
    }
  }

  private void deleteIdFiles() throws Exception {
    try (var files = java.nio.file.Files.walk(home.resolve("data/spool"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".id")).toList()) {
        java.nio.file.Files.delete(file);
      }
    }
  }
}
