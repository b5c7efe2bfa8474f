package dev.caravan.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The command behind bench/run: nights of several sizes, and the peers beside them. */
public final class Bench {
  private static final Path PEER = Path.of("target/peers/node");

  private final PrintStream out;
  private final int times;

  private Bench(PrintStream out, int times) {
    this.out = out;
    this.times = times;
  }

  public static void main(String... args) throws Exception {
    List<Integer> sizes = new ArrayList<>();
    int times = 1;
    for (int i = 0; i < args.length; i++) {
      if (args[i].equals("--times")) {
        times = Integer.parseInt(args[++i]);
      } else {
        sizes.add(Integer.valueOf(args[i]));
      }
    }
    new Bench(System.out, times).run(sizes.isEmpty() ? List.of(1_000, 10_000, 100_000) : sizes);
    System.exit(0);
  }

  private void run(List<Integer> sizes) throws Exception {
    out.printf(
        "Java %s, %d processors, PostgreSQL embedded (fsync on), all on this machine%n%n",
        Runtime.version(), Runtime.getRuntime().availableProcessors());
    out.println(
        "| records | what | wall s | records/s | CPU s | peak RSS MB | sent MB | statements | commits |");
    out.println("|--:|---|--:|--:|--:|--:|--:|--:|--:|");
    Path home = Files.createTempDirectory("caravan-bench-home");
    try (BenchNight night = new BenchNight(home, 0)) {
      Counters counters = new Counters(night.database().asAdmin());
      for (int size : sizes) {
        compare(night, counters, size);
      }
      out.printf("%nThe stages of the last night:%n%n%s", Stages.of(night.log()));
    }
  }

  /** By turns, so that a machine that gets slower or faster does it to all. */
  private void compare(BenchNight night, Counters counters, int size) throws Exception {
    List<Measured> caravan = new ArrayList<>();
    List<Measured> peer = new ArrayList<>();
    Counters.Reading work = Counters.Reading.NONE;
    long sent = 0;
    for (int i = 0; i < times; i++) {
      if (Files.isDirectory(PEER.resolve("node_modules"))) {
        night.rows(size);
        peer.add(Measured.of(peer(night)));
        loadedAll(night, size);
      }
      night.rows(size);
      Counters.Reading before = counters.read();
      long receivedBefore = night.received();
      caravan.add(night.night("./caravan"));
      work = counters.read().minus(before);
      sent = night.received() - receivedBefore;
      loadedAll(night, size);
    }
    row(size, "caravan", median(caravan), sent, work);
    if (!peer.isEmpty()) {
      row(size, "node + SDK", median(peer), sent, Counters.Reading.NONE);
    }
  }

  private static ProcessBuilder peer(BenchNight night) throws IOException {
    ProcessBuilder node = night.process(List.of("node", "night.mjs")).directory(PEER.toFile());
    String url = night.database().url().replace("jdbc:postgresql://", "");
    node.environment()
        .putAll(
            Map.of(
                "SYSTEM",
                Files.readString(Path.of("bench/job/prompt.md")).split("\n---\n", 2)[0],
                "DB",
                "postgres://%s:%s@%s"
                    .formatted(night.database().user(), night.database().password(), url)));
    return node;
  }

  private static void loadedAll(BenchNight night, int size) throws IOException {
    if (night.loaded() != size) {
      throw new IllegalStateException(
          night.loaded() + " of " + size + " records are loaded:\n" + night.output());
    }
  }

  private static Measured median(List<Measured> runs) {
    return runs.stream().sorted(Comparator.comparing(Measured::wall)).toList().get(runs.size() / 2);
  }

  private void row(int size, String what, Measured run, long sent, Counters.Reading work) {
    out.printf(
        Locale.ROOT,
        "| %,d | %s | %.1f | %,.0f | %.1f | %,d | %,d | %s | %s |%n",
        size,
        what,
        seconds(run.wall()),
        size / seconds(run.wall()),
        seconds(run.cpu()),
        run.peakBytes() / 1_000_000,
        sent / 1_000_000,
        work.statements() == 0 ? "" : "%,d".formatted(work.statements()),
        work.commits() == 0 ? "" : "%,d".formatted(work.commits()));
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }
}
