package dev.caravan.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.Caravan;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both ways are streamed: a full batch fits into a heap that could not hold a third of it. */
class SmallHeapTest {
  private static final int FULL = 100_000;

  @TempDir Path home;

  @Test
  void aFullBatchPassesThrough64Megabytes() throws Exception {
    try (BenchNight night = new BenchNight(home, 0).rows(FULL)) {
      Measured measured =
          night.night(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-Xmx64m",
              "-XX:+UseSerialGC",
              "-cp",
              System.getProperty("java.class.path"),
              Caravan.class.getName());
      assertThat(measured.exitCode()).as(night.output()).isZero();
      assertThat(night.loaded()).isEqualTo(FULL);
      assertThat(night.received()).isGreaterThan(200_000_000L);
    }
  }
}
