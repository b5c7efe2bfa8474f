package dev.caravan.faults;

import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.Toll;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

/**
 * The table of the fault suite: every fault, how often it was tried, and what it cost; written to
 * target/faults.md and printed when the tests are over.
 */
public final class FaultTable implements TestExecutionListener {
  private static final Path TRIES = Path.of("target", "faults.tsv");
  private static final Path TABLE = Path.of("target", "faults.md");

  /** Counts one try of a fault when its night is over, and fails if it cost anything. */
  public static void tried(String fault, InvoiceNight night) {
    Toll toll = night.toll();
    append(fault, 1, toll);
    toll.isNone();
  }

  /** Counts tries that no night belongs to, such as generated inputs that cost nothing. */
  public static void tried(String fault, int times) {
    append(fault, times, Toll.NONE);
  }

  private static synchronized void append(String fault, int times, Toll toll) {
    String line =
        "%s\t%d\t%d\t%d\t%d\n"
            .formatted(fault, times, toll.lost(), toll.appliedTwice(), toll.paidTwice());
    try {
      Files.writeString(TRIES, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void testPlanExecutionStarted(TestPlan plan) {
    try {
      Files.deleteIfExists(TRIES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void testPlanExecutionFinished(TestPlan plan) {
    if (!Files.exists(TRIES)) {
      return;
    }
    try {
      String table = table(Files.readAllLines(TRIES));
      Files.writeString(TABLE, table);
      System.out.println(table);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String table(List<String> lines) {
    Map<String, long[]> sums = new TreeMap<>();
    for (String line : lines) {
      String[] cells = line.split("\t");
      long[] sum = sums.computeIfAbsent(cells[0], name -> new long[cells.length - 1]);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += Long.parseLong(cells[i + 1]);
      }
    }
    StringBuilder table =
        new StringBuilder(
            "\n| fault | tried | records lost | applied twice | batches paid twice within the looks |\n"
                + "|---|--:|--:|--:|--:|\n");
    sums.forEach(
        (fault, sum) ->
            table.append(
                "| %s | %d | %d | %d | %d |\n".formatted(fault, sum[0], sum[1], sum[2], sum[3])));
    return table.toString();
  }
}
