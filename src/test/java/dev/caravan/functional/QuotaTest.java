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

/** What may wait at the API at a time, and what its 429 asks for. */
class QuotaTest {
  @TempDir Path home;

  @EachDatabase
  void batchesWaitReadyUntilThereIsRoomAtTheApi(TestDatabase database) throws Exception {
    try (InvoiceNight night =
        InvoiceNight.in(home, database)
            .set("submit.queue-limit", "6")
            .set("submit.max-requests", "3")
            .invoices(1, 9)
            .start()) {
      night.extract();
      for (int i = 0; i < 4; i++) {
        night.submit().minutes(1);
        assertThat(atTheApi(night)).isLessThanOrEqualTo(6);
      }
      assertThat(night.count("caravan_batch where cause = 'queue_limit'")).isEqualTo(1);
      while (night.count("caravan_run where state <> 'ended'") > 0) {
        night.minutes(6).tick();
        assertThat(atTheApi(night)).isLessThanOrEqualTo(6);
      }
      assertThat(night.count("invoices where loads = 1")).isEqualTo(9);
    }
  }

  private static long atTheApi(InvoiceNight night) {
    return night.simulator().books().batches().stream()
        .filter(batch -> !batch.processingStatus().equals("ended"))
        .mapToLong(batch -> batch.requests())
        .sum();
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void aBatchInDoubtCountsAsWaitingAtTheApi(TestDatabase database) throws Exception {
    try (InvoiceNight night =
        InvoiceNight.in(home, database)
            .set("submit.queue-limit", "4")
            .set("submit.max-requests", "3")
            .invoices(1, 5)
            .start()) {
      night.simulator().faults(new Fault.CutAfter(Endpoint.CREATE));
      night.extract().submit();
      assertThat(night.states()).contains("doubt");
      night.submit().submit();
      assertThat(night.accepted()).isEqualTo(1);
      night.untilDone();
      assertThat(night.count("invoices where loads = 1")).isEqualTo(5);
    }
  }

  @EachDatabase
  void aHeldBatchCountsOnlyWhileItCanStillRun(TestDatabase database) throws Exception {
    try (InvoiceNight night =
        InvoiceNight.in(home, database)
            .set("submit.queue-limit", "4")
            .set("submit.max-requests", "3")
            .invoices(1, 3)
            .start()) {
      night.simulator().faults(new Fault.CutBefore(Endpoint.CREATE));
      night.extract().submit();
      database.execute(
          "update caravan_batch set state = 'held', cause = 'undecided', next_look_at = null,"
              + " doubt_count = null");
      night.advance(Duration.ofHours(25)).more(2);
      assertThat(night.accepted()).isZero();
      night.advance(Duration.ofHours(1)).minutes(1).submit();
      assertThat(night.accepted()).isEqualTo(1);
      night.withoutRules();
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void aRateLimitAtOneBatchIsHeededForAll(TestDatabase database) throws Exception {
    try (InvoiceNight night =
        InvoiceNight.in(home, database).property("max-requests=2").invoices(1, 8).start()) {
      night
          .simulator()
          .faults(
              new Fault.Refuse(
                  Endpoint.CREATE,
                  429,
                  "rate_limit_error",
                  null,
                  "ramp_limit_exceeded",
                  90,
                  false));
      night.extract().submit().minutes(1).submit();
      assertThat(night.simulator().books().calls()).containsEntry(Endpoint.CREATE, 1L);
      night.minutes(1).submit();
      assertThat(night.accepted()).isPositive();
      night.untilDone();
    }
  }
}
