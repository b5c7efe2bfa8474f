package dev.caravan.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.Caravan;
import dev.caravan.simulator.MovableClock;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 at any moment of the night, and a restart: the rules hold and nothing is lost. */
class CrashTest {
  private static final int RECORDS = 300;
  private static final int KILLS = 4;

  @TempDir Path home;

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void killedAgainAndAgainTheNightStillEndsWithEachAnswerAppliedOnce(TestDatabase database)
      throws Exception {
    long seed = Long.getLong("crash.seed", System.nanoTime());
    System.out.println("crash.seed=" + seed);
    Random random = new Random(seed);
    try (InvoiceNight night =
        InvoiceNight.in(
                home,
                database,
                o -> o.withClock(MovableClock.running()).withProcessing(Duration.ZERO))
            .property("max-requests=37")
            .invoices(1, RECORDS)) {
      night.fixture().clock().set(Instant.now());
      night.start().fixture().stop();
      for (int i = 0; i < KILLS; i++) {
        kill(night, random);
        night.expireLeases();
      }
      // the processes' clock ran on; the doubt of a killed POST is settled by it
      night.fixture().clock().set(Instant.now());
      night.start();
      for (int i = 0; i < 60 && unfinished(night); i++) {
        night.expireLeases();
        for (var run : night.fixture().ledger().runs.abandoned()) {
          night.fixture().extract(InvoiceNight.JOB, Map.of("run", run));
        }
        night.minutes(6).tick();
      }
      assertThat(night.count("invoices where loads = 1")).as("seed " + seed).isEqualTo(RECORDS);
      assertThat(night.count("caravan_run where state <> 'ended'")).isZero();
    }
  }

  private static boolean unfinished(InvoiceNight night) {
    return night.count("caravan_run where state <> 'ended'") > 0;
  }

  /** Starts a night and kills it within some seconds after its run has begun. */
  private void kill(InvoiceNight night, Random random) throws IOException, InterruptedException {
    Process process = command(night).start();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                !process.isAlive()
                    || night.count("caravan_run where owner is not null") > 0
                    || night.count("caravan_batch") > 0);
    assertThat(night.count("caravan_run")).as("a night began, see night.log").isEqualTo(1);
    process.waitFor(random.nextInt(2500), TimeUnit.MILLISECONDS);
    process.destroyForcibly().waitFor();
  }

  private ProcessBuilder command(InvoiceNight night) {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Caravan.class.getName(),
                "night",
                InvoiceNight.JOB,
                "--home",
                home.toString())
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("night.log").toFile());
    TestDatabase database = night.database();
    builder
        .environment()
        .putAll(
            Map.of(
                "ANTHROPIC_API_KEY", "test-key",
                "ANTHROPIC_BASE_URL", night.simulator().baseUrl(),
                "CARAVAN_DB_URL", database.url(),
                "CARAVAN_DB_USER", database.user(),
                "CARAVAN_DB_PASSWORD", database.password(),
                "CARAVAN_POLL_FIRST", "100ms",
                "CARAVAN_POLL_MAX", "200ms",
                "CARAVAN_LOAD_CHUNK", "10",
                "CARAVAN_EXTRACT_CHUNK", "20"));
    return builder;
  }
}
