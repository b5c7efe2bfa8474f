package dev.caravan.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.Caravan;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both ways are streamed: a full batch fits into a heap that could not hold a third of it. */
class SmallHeapTest {
  private static final int FULL = 100_000;
  private static final int LONG = 10;

  @TempDir Path home;

  @Test
  void aFullBatchPassesThrough64Megabytes() throws Exception {
    try (BenchNight night = new BenchNight(home, 0).rows(FULL)) {
      Measured measured = night.night(java("-Xmx64m"));
      assertThat(measured.exitCode()).as(night.output()).isZero();
      assertThat(night.loaded()).isEqualTo(FULL);
      assertThat(night.received()).isGreaterThan(200_000_000L);
    }
  }

  @Test
  void answersTooLongForTheMemoryAreKeptUntilThereIsMore() throws Exception {
    try (BenchNight night = new BenchNight(home, LONG).rows(FULL / 10)) {
      Measured measured = night.night(java("-Xmx64m"));
      assertThat(measured.exitCode()).as(night.output()).isEqualTo(2);
      assertThat(night.loaded()).isEqualTo(FULL / 10 - LONG);
      assertThat(night.tooLong()).isEqualTo(LONG);

      Measured again = night.run(java("-Xmx512m"), "retry", "invoices", "--cause", "too_long");
      assertThat(again.exitCode()).as(night.output()).isZero();
      assertThat(night.loaded()).isEqualTo(FULL / 10);
      assertThat(night.tooLong()).isZero();
    }
  }

  private static String[] java(String memory) {
    return new String[] {
      Path.of(System.getProperty("java.home"), "bin", "java").toString(),
      memory,
      "-XX:+UseSerialGC",
      "-cp",
      System.getProperty("java.class.path"),
      Caravan.class.getName()
    };
  }
}
