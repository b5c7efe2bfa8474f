package dev.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.testing.DatabaseVendor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two Caravans on one ledger and one spool, one of which dies: the other goes on by itself. */
@Tag("faults")
@Tag("long")
class TakeoverTest {
  @TempDir Path folder;

  /** Leases last 45 s; the rest of the minute is for ticks and the work itself. */
  @ParameterizedTest
  @CsvSource({"POSTGRESQL, 0.4", "MARIADB, 0.4", "POSTGRESQL, 0.8", "MARIADB, 0.8"})
  void withinAMinute(DatabaseVendor vendor, double part) throws Exception {
    int commits;
    try (KilledNight whole = night(vendor)) {
      commits = whole.untouched();
    }
    try (KilledNight night = night(vendor)) {
      night.product().with("CARAVAN_HTTP_CREATE_TIMEOUT", "1s");
      night.product().with("CARAVAN_SUBMIT_DOUBT_LOOKS", "0,1s,2s");
      String stage = night.killedAt((int) (commits * part), Commits.Fate.UNANSWERED);
      Process other = night.product().start("start");
      try {
        await(stage)
            .atMost(Duration.ofSeconds(75))
            .pollInterval(Duration.ofMillis(500))
            .until(() -> night.night().count("caravan_run where state <> 'ended'") == 0);
      } finally {
        other.destroy();
        assertThat(night.product().await(other)).as("exit of start").isZero();
      }
      assertThat(night.night().count("invoices where loads = 1"))
          .isEqualTo(night.night().count("invoices") - 1);
      night.finished("node dies, another takes over: " + stage);
    }
  }

  private KilledNight night(DatabaseVendor vendor) throws Exception {
    KilledNight night = new KilledNight(Files.createTempDirectory(folder, "night"), vendor);
    assertThat(night.night().count("invoices")).isPositive();
    return night;
  }
}
