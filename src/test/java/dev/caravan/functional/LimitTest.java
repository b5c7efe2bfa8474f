package dev.caravan.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** A run of at most N records has exactly N, however many chunks are in hand when it has them. */
class LimitTest {
  private static final int ROWS = 200;
  private static final int CHUNK = 10;
  private static final int[] LIMITS = {
    1, 2, CHUNK - 1, CHUNK, CHUNK + 1, 5 * CHUNK, ROWS, ROWS + 1
  };

  @TempDir Path home;

  @EachDatabase(DatabaseVendor.H2)
  void claimsExactlyWhatWasAskedForWithOneToFourWorkers(TestDatabase database) throws Exception {
    extracts(database, 5);
  }

  @Tag("faults")
  @Tag("long")
  @EachDatabase
  void claimsExactlyWhatWasAskedForFiftyTimes(TestDatabase database) throws Exception {
    extracts(database, 50);
  }

  private void extracts(TestDatabase database, int times) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, ROWS).withoutRules()) {
      night.set("extract.chunk", Integer.toString(CHUNK)).set("spool.min-free", "1MB");
      for (int workers = 1; workers <= 4; workers++) {
        night.set("extract.workers", Integer.toString(workers)).restart();
        for (int limit : LIMITS) {
          for (int time = 0; time < times; time++) {
            extract(night, workers, limit);
          }
        }
      }
    }
  }

  private static void extract(InvoiceNight night, int workers, int limit) {
    Exchange done =
        night
            .advance(Duration.ofSeconds(1))
            .fixture()
            .extract(
                InvoiceNight.JOB,
                java.util.Map.of("due", night.fixture().clock().instant(), "limit", limit));
    String which = "limit " + limit + ", workers " + workers;
    int records = Math.min(limit, ROWS);
    assertThat(done.getException()).as(which).isNull();
    assertThat(night.fixture().row("select state, error from caravan_run"))
        .as(which)
        .containsEntry("state", "open")
        .containsEntry("error", null);
    assertThat(night.count("caravan_request where outcome is null")).as(which).isEqualTo(records);
    assertThat(night.fixture().row("select state, requests from caravan_batch"))
        .as(which)
        .containsEntry("state", "ready")
        .containsEntry("requests", records);
    night
        .database()
        .execute(
            "delete from caravan_request", "delete from caravan_batch", "delete from caravan_run");
  }
}
