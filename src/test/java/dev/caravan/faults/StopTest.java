package dev.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.DatabaseVendor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ctrl-C and SIGTERM at any moment: exit code 4, and the next start goes on. */
@Tag("faults")
class StopTest {
  @TempDir Path home;

  @ParameterizedTest
  @CsvSource({"POSTGRESQL, TERM", "MARIADB, INT"})
  void theNextStartGoesOnAfterASignal(DatabaseVendor vendor, String signal) throws Exception {
    long seed = Long.getLong("stop.seed", System.nanoTime());
    System.out.println("stop.seed=" + seed);
    try (KilledNight night = new KilledNight(home, vendor)) {
      int wait = new Random(seed).nextInt(1500);
      int exit = night.stoppedAfter(Duration.ofMillis(wait), signal);
      // 2: it had ended before, with a rejected record
      assertThat(exit).as(night.product().log()).isIn(4, 2);
      night.finished("SIG" + signal + " at a random moment");
    }
  }
}
