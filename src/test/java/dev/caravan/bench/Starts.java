package dev.caravan.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** How long people wait: for {@code status}, and until {@code start} says that it is running. */
final class Starts {
  private static final String READY = "Caravan is running";
  private static final Duration MOST = Duration.ofMinutes(1);

  private final BenchNight night;
  private final int times;

  Starts(BenchNight night, int times) {
    this.night = night;
    this.times = times;
  }

  /** Lines for people, medians in seconds. */
  String text() throws Exception {
    return "status: %.2f s%nstart, until it is running: %.2f s%n"
        .formatted(
            median(() -> night.run(new String[] {"./caravan"}, "status").wall()),
            median(this::running));
  }

  private double median(Callable<Duration> timed) throws Exception {
    List<Duration> all = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      all.add(timed.call());
    }
    return all.stream().sorted().toList().get(times / 2).toMillis() / 1000.0;
  }

  private Duration running() throws IOException, InterruptedException {
    Files.deleteIfExists(night.outputFile());
    long began = System.nanoTime();
    Process process =
        night.process(List.of("./caravan", "--home", night.home().toString(), "start")).start();
    try {
      return awaitReady(process, night.outputFile(), began);
    } finally {
      process.destroy();
      process.waitFor(30, TimeUnit.SECONDS);
    }
  }

  private static Duration awaitReady(Process process, Path output, long began)
      throws IOException, InterruptedException {
    while (true) {
      Duration waited = Duration.ofNanos(System.nanoTime() - began);
      String text = Files.exists(output) ? Files.readString(output) : "";
      if (text.contains(READY)) {
        return waited;
      }
      if (process.waitFor(10, TimeUnit.MILLISECONDS) || waited.compareTo(MOST) > 0) {
        throw new IllegalStateException("start did not begin to run:\n" + text);
      }
    }
  }
}
