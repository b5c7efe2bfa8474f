package dev.caravan.collect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.batch.Batch;
import dev.caravan.batch.Decision;
import dev.caravan.faults.FaultTable;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/** A good result line with bytes and words changed: one decision, or one stray line. */
@Tag("faults")
class MalformedResultsTest {
  private static @Nullable Collected collected;

  /** A night that is over, its only batch, and the one line of its results. */
  private record Collected(
      Path home, TestDatabase database, InvoiceNight night, Batch batch, String line) {}

  private static Collected collected() {
    return Objects.requireNonNull(collected);
  }

  @BeforeContainer
  static void collectABatch() throws IOException {
    Path home = Files.createTempDirectory("caravan-results");
    TestDatabase database = DatabaseVendor.H2.create();
    InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 1).start();
    night.extract().submit().untilDone();
    var ledger = night.fixture().ledger();
    Batch batch =
        ledger.batches.ofRun(ledger.runs.newest(InvoiceNight.JOB).orElseThrow().id()).get(0);
    try (Stream<Path> files = Files.walk(home)) {
      String line =
          Files.readString(
                  files
                      .filter(f -> f.toString().endsWith(".results.jsonl"))
                      .findFirst()
                      .orElseThrow())
              .strip();
      collected = new Collected(home, database, night, batch, line);
    }
  }

  @AfterContainer
  static void close() throws IOException {
    collected().night().close();
    collected().database().close();
    FileSystemUtils.deleteRecursively(collected().home());
  }

  @Property
  void aChangedLineIsOneDecisionOrOneStrayLine(
      @ForAll("places") double at, @ForAll("pieces") String piece, @ForAll("lengths") int cut) {
    String good = collected().line();
    int from = (int) (at * good.length());
    String line =
        good.substring(0, from) + piece + good.substring(Math.min(good.length(), from + cut));
    Tally tally = new Tally();
    Decisions decisions =
        collected().night().fixture().application().bean("decisions", Decisions.class);
    List<Decision> made =
        decisions.of(
            List.of(ResultLine.whole(0, line.getBytes(StandardCharsets.UTF_8).length, line)),
            collected().batch(),
            tally);
    assertThat(made.size() + tally.strays()).isEqualTo(1);
    FaultTable.tried("malformed result line", 1);
  }

  @Provide
  Arbitrary<Double> places() {
    return Arbitraries.doubles().between(0, 1);
  }

  @Provide
  Arbitrary<Integer> lengths() {
    return Arbitraries.of(0, 1, 2, 5, 20, 100, 10_000);
  }

  @Provide
  Arbitrary<String> pieces() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(5),
        Arbitraries.of(
            "",
            "{",
            "}",
            "[",
            "]",
            "\"",
            ",",
            ":",
            "null",
            "true",
            "-1",
            "1e999",
            "[[[[",
            "\\u0000",
            "\\ud800",
            "\u0000",
            "\n",
            "{}",
            "[]",
            "\"\"",
            "9".repeat(400)));
  }
}
