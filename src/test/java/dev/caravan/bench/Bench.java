package dev.caravan.bench;

import java.io.PrintStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The command behind bench/run: nights of several sizes, and the peers beside them. */
public final class Bench {
  private static final String[] CARAVAN = {"./caravan"};

  private final PrintStream out;
  private final int times;
  private final boolean alone;

  private Bench(PrintStream out, int times, boolean alone) {
    this.out = out;
    this.times = times;
    this.alone = alone;
  }

  public static void main(String... args) throws Exception {
    List<Integer> sizes = new ArrayList<>();
    int times = 1;
    int history = 0;
    boolean starts = false;
    boolean alone = false;
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--times" -> times = Integer.parseInt(args[++i]);
        case "--history" -> history = Integer.parseInt(args[++i]);
        case "--starts" -> starts = true;
        case "--alone" -> alone = true;
        default -> sizes.add(Integer.valueOf(args[i]));
      }
    }
    Bench bench = new Bench(System.out, times, alone);
    bench.machine();
    if (starts) {
      bench.starts();
    } else if (history > 0) {
      bench.history(history, sizes.isEmpty() ? 100_000 : sizes.get(0));
    } else {
      bench.nights(sizes.isEmpty() ? List.of(1_000, 10_000, 100_000) : sizes);
    }
    System.exit(0);
  }

  private void machine() {
    out.printf(
        "Java %s, %d processors, PostgreSQL embedded (fsync on), all on this machine%n%n",
        Runtime.version(), Runtime.getRuntime().availableProcessors());
  }

  /** An installation in use: its check has left the archive of classes for the launcher. */
  private static BenchNight night() throws Exception {
    BenchNight night = new BenchNight(Files.createTempDirectory("caravan-bench-home"), 0).rows(10);
    night.run(CARAVAN, "check");
    return night;
  }

  private void starts() throws Exception {
    try (BenchNight night = night().rows(10)) {
      night.night(CARAVAN);
      out.print(new Starts(night, times).text());
    }
  }

  private void nights(List<Integer> sizes) throws Exception {
    heading();
    try (BenchNight night = night()) {
      Counters counters = new Counters(night.database().asAdmin());
      String stages = "";
      for (int size : sizes) {
        stages = compare(night, counters, size);
      }
      out.printf("%nThe stages of Caravan's last night:%n%n%s", stages);
    }
  }

  /** New records of a job whose ledger is empty, and of one whose ledger holds a history. */
  private void history(int requests, int size) throws Exception {
    heading();
    try (BenchNight fresh = night();
        BenchNight old = night().rows(0)) {
      old.night(CARAVAN);
      new History(old.database()).fill(requests);
      Plans plans = new Plans(old.database().asAdmin());
      Counters ofFresh = new Counters(fresh.database().asAdmin());
      Counters ofOld = new Counters(old.database().asAdmin());
      plans.reset();
      List<Run> without = new ArrayList<>();
      List<Run> with = new ArrayList<>();
      for (int i = 0; i < times; i++) {
        without.add(caravan(fresh.rows(size), ofFresh, size));
        with.add(caravan(old.newRows(size), ofOld, size));
      }
      row(size, "Caravan, empty ledger", median(without));
      row(size, "Caravan, ledger of %,d".formatted(requests), median(with));
      for (String command : List.of("status", "report", "retry", "check")) {
        old.run(CARAVAN, command, "invoices");
      }
      out.printf("%nThe statements, and what they scan:%n%n%s", plans.table());
    }
  }

  private record Run(Measured measured, long sent, Counters.Reading work, String stages) {}

  /** By turns, so that a machine that gets slower or faster does it to all. */
  private String compare(BenchNight night, Counters counters, int size) throws Exception {
    Map<String, List<Run>> runs = new LinkedHashMap<>();
    for (int i = 0; i < times; i++) {
      night.rows(size);
      runs.computeIfAbsent("Caravan", name -> new ArrayList<>())
          .add(caravan(night, counters, size));
      for (Peers.Peer peer : size > Peers.MOST || alone ? List.<Peers.Peer>of() : Peers.here()) {
        night.rows(size);
        Measured measured = Measured.of(peer.process(night));
        boolean all = measured.exitCode() == 0 && night.loaded() == size;
        runs.computeIfAbsent(all ? peer.name() : peer.name() + " (failed)", n -> new ArrayList<>())
            .add(new Run(measured, 0, Counters.Reading.NONE, ""));
      }
    }
    runs.forEach((name, all) -> row(size, name, median(all)));
    return median(runs.getOrDefault("Caravan", List.of())).stages();
  }

  private static Run caravan(BenchNight night, Counters counters, int size) throws Exception {
    Counters.Reading before = counters.read();
    long received = night.received();
    Measured measured = night.night(CARAVAN);
    if (night.loaded() != size) {
      throw new IllegalStateException(
          night.loaded() + " of " + size + " records are loaded:\n" + night.output());
    }
    return new Run(
        measured,
        night.received() - received,
        counters.read().minus(before),
        Stages.of(night.log()));
  }

  private static Run median(List<Run> runs) {
    return runs.stream()
        .sorted(Comparator.comparing(run -> run.measured().wall()))
        .toList()
        .get(runs.size() / 2);
  }

  private void heading() {
    out.println(
        "| records | what | wall s | records/s | CPU s | peak RSS MB | sent MB | statements | commits |");
    out.println("|--:|---|--:|--:|--:|--:|--:|--:|--:|");
  }

  private void row(int size, String what, Run run) {
    Measured measured = run.measured();
    out.printf(
        Locale.ROOT,
        "| %,d | %s | %.1f | %,.0f | %.1f | %,d | %s | %s | %s |%n",
        size,
        what,
        seconds(measured.wall()),
        size / seconds(measured.wall()),
        seconds(measured.cpu()),
        measured.peakBytes() / 1_000_000,
        unlessNone(run.sent() / 1_000_000),
        unlessNone(run.work().statements()),
        unlessNone(run.work().commits()));
  }

  private static String unlessNone(long count) {
    return count == 0 ? "" : "%,d".formatted(count);
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }
}
