package dev.caravan.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What a process took: wall time, CPU time of all its threads, and its largest resident set. */
record Measured(int exitCode, Duration wall, Duration cpu, long peakBytes) {
  private static final long TICK_MILLIS = 10;

  /** Waits for a process and watches it; Linux tells its memory and CPU in /proc. */
  static Measured of(ProcessBuilder command) throws IOException, InterruptedException {
    long began = System.nanoTime();
    Process process = command.start();
    Path proc = Path.of("/proc", String.valueOf(process.pid()));
    long cpuMillis = 0;
    long peak = 0;
    do {
      cpuMillis = Math.max(cpuMillis, cpuMillis(proc));
      peak = Math.max(peak, peakBytes(proc));
    } while (!process.waitFor(20, TimeUnit.MILLISECONDS));
    return new Measured(
        process.exitValue(),
        Duration.ofNanos(System.nanoTime() - began),
        Duration.ofMillis(cpuMillis),
        peak);
  }

  private static long cpuMillis(Path proc) {
    String stat = read(proc.resolve("stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
    return fields.length < 13
        ? 0
        : (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * TICK_MILLIS;
  }

  private static long peakBytes(Path proc) {
    return read(proc.resolve("status"))
        .lines()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst()
        .orElse(0);
  }

  /** Empty once the process is gone. */
  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException gone) {
      return "";
    }
  }
}
