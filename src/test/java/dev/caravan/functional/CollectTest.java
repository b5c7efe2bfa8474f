package dev.caravan.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.simulator.Fault;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/** What each result means for its request (design §8). */
class CollectTest {
  @TempDir Path home;

  private static final Pattern FIRST = Pattern.compile("INV-1$");

  private InvoiceNight night(TestDatabase database) throws Exception {
    return InvoiceNight.in(home, database).invoices(1, 3).start();
  }

  private static void othersAreDone(InvoiceNight night) {
    assertThat(night.count("invoices where loads = 1 and invoice_no <> 'INV-1'")).isEqualTo(2);
  }

  @EachDatabase(DatabaseVendor.H2)
  void aRefusalIsFinal(TestDatabase database) throws Exception {
    try (InvoiceNight night = night(database)) {
      night.simulator().faults(new Fault.Refusal(FIRST, "cyber"));
      night.extract().submit().untilDone();
      assertThat(night.outcome("INV-1")).isEqualTo("rejected refusal");
      assertThat(night.accepted()).isEqualTo(1);
      othersAreDone(night);
    }
  }

  @EachDatabase
  void anInvalidAnswerIsAskedForOnceMore(TestDatabase database) throws Exception {
    try (InvoiceNight night = night(database)) {
      for (Fault.Miss miss : Fault.Miss.values()) {
        night.simulator().fault(new Fault.InvalidOutput(FIRST, miss), 0, 1);
      }
      night.extract().submit().untilDone();
      assertThat(night.outcome("INV-1")).isEqualTo("rejected invalid_output");
      assertThat(night.accepted()).isEqualTo(2);
      othersAreDone(night);
    }
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void anInvalidAnswerFollowedByAGoodOneIsLoaded(TestDatabase database) throws Exception {
    try (InvoiceNight night = night(database)) {
      night.simulator().fault(new Fault.InvalidOutput(FIRST, Fault.Miss.EXTRA_FIELD), 0, 1);
      night.extract().submit().untilDone();
      assertThat(night.outcome("INV-1")).isEqualTo("completed");
      othersAreDone(night);
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void aTruncatedAnswerGetsTwiceTheTokensUpToTheCap(TestDatabase database) throws Exception {
    try (InvoiceNight night =
        InvoiceNight.in(home, database).set("submit.attempts", "9").invoices(1, 3).start()) {
      night.simulator().faults(new Fault.Truncated(FIRST));
      night.extract().submit().untilDone();
      assertThat(night.outcome("INV-1")).isEqualTo("rejected truncated");
      assertThat(
              database.query(
                  "select max_tokens from caravan_request where record_key = 'INV-1' order by submission"))
          .extracting(row -> ((Number) row.get("max_tokens")).intValue())
          .containsExactly(500, 1000, 2000, 4000);
      othersAreDone(night);
    }
  }

  @EachDatabase(DatabaseVendor.MARIADB)
  void noRecordIsSentMoreOftenThanAttemptsAllows(TestDatabase database) throws Exception {
    try (InvoiceNight night = night(database)) {
      night.simulator().faults(new Fault.Errored(FIRST, "api_error", null, null));
      night.extract().submit().untilDone();
      assertThat(night.outcome("INV-1")).isEqualTo("rejected api_error");
      assertThat(night.accepted()).isEqualTo(3);
      othersAreDone(night);
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void errorsMeanWhatTheirTypeSays(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 6).start()) {
      night
          .simulator()
          .faults(
              new Fault.Errored(FIRST, "invalid_request_error", "no", null),
              new Fault.Errored(Pattern.compile("INV-2$"), "request_too_large", null, null))
          .fault(new Fault.Errored(Pattern.compile("INV-3$"), "overloaded_error", null, null), 0, 1)
          .fault(new Fault.StopReason(Pattern.compile("INV-4$"), "x".repeat(300)), 0, 1)
          .fault(new Fault.Empty(Pattern.compile("INV-5$")), 0, 1)
          .faults(new Fault.Thinking(Pattern.compile("INV-6$")));
      night.extract().submit().untilDone();
      assertThat(night.outcome("INV-1")).isEqualTo("rejected invalid_request_error");
      assertThat(night.outcome("INV-2")).isEqualTo("rejected request_too_large");
      assertThat(night.outcome("INV-3")).isEqualTo("completed");
      assertThat(night.outcome("INV-4")).startsWith("rejected xxx");
      assertThat(night.outcome("INV-5")).isEqualTo("completed");
      assertThat(night.outcome("INV-6")).isEqualTo("completed");
    }
  }

  @EachDatabase
  void aFaultOfTheAccountPausesTheJobAndLoadsTheRest(TestDatabase database) throws Exception {
    try (InvoiceNight night = night(database)) {
      night.simulator().fault(new Fault.Errored(FIRST, "billing_error", "pay first", null), 0, 1);
      night.extract().submit().minutes(6).tick().minutes(6).tick();
      assertThat(night.pause()).contains("pay first");
      othersAreDone(night);
      assertThat(night.accepted()).isEqualTo(1);
      night.resume().untilDone();
      assertThat(night.outcome("INV-1")).isEqualTo("completed");
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void expiredRequestsAreSentAgainAndFinishedOnesUsed(TestDatabase database) throws Exception {
    try (InvoiceNight night =
        InvoiceNight.in(home, database)
            .set("deadline.cancel", "23h59m")
            .set("deadline.alert", "23h58m")
            .invoices(1, 4)
            .start()) {
      night.simulator().faults(new Fault.NeverEnds(0.5));
      night.extract().submit().advance(Duration.ofHours(25)).tick();
      assertThat(night.count("invoices where loads = 1")).isEqualTo(2);
      night.untilDone();
      assertThat(night.count("invoices where loads = 1")).isEqualTo(4);
    }
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void aCancelInTheConsolePausesTheJob(TestDatabase database) throws Exception {
    try (InvoiceNight night = night(database)) {
      night.simulator().fault(new Fault.Canceled(FIRST), 0, 1);
      night.extract().submit().minutes(6).tick().tick();
      assertThat(night.pause()).contains("canceled");
      assertThat(night.outcome("INV-1")).isEqualTo("retry canceled");
      othersAreDone(night);
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void aDroppedBatchRejectsWhatWasNotFinished(TestDatabase database) throws Exception {
    try (InvoiceNight night = night(database)) {
      night.simulator().faults(new Fault.Slow(Duration.ofHours(3)), new Fault.PartialCancel(0.4));
      night.extract().submit();
      String nonce =
          String.valueOf(night.fixture().row("select nonce from caravan_batch").get("nonce"));
      night.fixture().ledger().batches.cancelAsked(nonce, "drop");
      night.untilDone();
      assertThat(night.pause()).isEmpty();
      assertThat(night.count("caravan_record where outcome = 'rejected' and cause = 'canceled'"))
          .isPositive();
    }
  }

  @EachDatabase
  void strangeLinesAreCountedAndNeverApplied(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 20).start()) {
      night.simulator().faults(new Fault.Lines(2, 2, 0, 2, 2));
      night.extract().submit().untilDone(Duration.ofMinutes(2));
      assertThat(night.count("invoices where loads = 1")).isEqualTo(20);
      assertThat(night.count("caravan_batch where stray_lines > 0")).isPositive();
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void aHostileCustomIdDoesNotStopTheOthers(TestDatabase database) throws Exception {
    try (InvoiceNight night = night(database)) {
      night.extract().submit().minutes(6).poll();
      var batch = night.fixture().row("select nonce, spool from caravan_batch");
      Path results =
          home.resolve(
              "data/spool/" + batch.get("spool") + "/" + batch.get("nonce") + ".results.jsonl");
      night.simulator().faults(new Fault.CutResults(0, null, 1));
      night.collect().minutes(2).collect();
      String good = Files.readString(results);
      database.execute(
          "update caravan_batch set state = 'ended'",
          "update caravan_request set outcome = null, cost_usd = null, result_offset = null,"
              + " open_key = concat('invoices:', key_hash)",
          "update invoices set loads = 0");
      String id =
          "{\"custom_id\":\"invoices_"
              + batch.get("nonce")
              + "_vvvvvvv_x\",\"result\":{\"type\":\"succeeded\"}}";
      Files.writeString(
          results,
          id + "\nnull\n[]\n\"text\"\n{\"custom_id\":{}}\n" + "[".repeat(5000) + "\n\n" + good);
      night.collect();
      assertThat(night.states()).containsExactly("collected");
      assertThat(night.count("invoices where loads = 1")).isEqualTo(3);
    }
  }

  /** The API counts a request as expired, and its results have no line of it. */
  private static void lacksALineThatIsNotPaid(InvoiceNight night) {
    night
        .simulator()
        .faults(new Fault.Lines(0, 0, 1, 0, 0))
        .fault(new Fault.Expired(Pattern.compile("INV")), 0, 1);
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void missingLinesAreFetchedAgainAndThenSentAgain(TestDatabase database) throws Exception {
    try (InvoiceNight night = night(database)) {
      lacksALineThatIsNotPaid(night);
      night.extract().submit().minutes(6).poll().collect();
      assertThat(night.states()).containsExactly("ended");
      assertThat(night.accepted()).isEqualTo(1);
      night.untilDone();
      assertThat(night.count("caravan_request where cause = 'no_result'")).isEqualTo(1);
      assertThat(night.count("invoices where loads = 1")).isEqualTo(3);
      assertThat(night.accepted()).isEqualTo(2);
    }
  }

  @EachDatabase
  void answersThatTheApiCountsAndDoesNotGiveAreNotPaidAgainWithoutAPerson(TestDatabase database)
      throws Exception {
    try (InvoiceNight night = night(database)) {
      night.simulator().faults(new Fault.Lines(0, 0, 1, 0, 0));
      night.extract().submit();
      for (int i = 0; i < 40; i++) {
        night.minutes(10).tick();
      }
      assertThat(night.states()).containsExactly("held");
      assertThat(night.mails()).filteredOn(m -> m.contains("results are incomplete")).hasSize(1);
      assertThat(night.count("caravan_batch where cause = 'results_missing'")).isEqualTo(1);
      assertThat(night.accepted()).isEqualTo(1);
      assertThat(night.count("invoices where loads = 1")).isEqualTo(2);
      assertThat(night.adopt("none")).isEmpty();
      night.untilDone();
      assertThat(night.count("caravan_request where cause = 'answers_lost' and attempt = 1"))
          .isEqualTo(1);
      assertThat(night.accepted()).isEqualTo(2);
      assertThat(night.count("invoices where loads = 1")).isEqualTo(3);
    }
  }

  @EachDatabase(DatabaseVendor.MARIADB)
  void resultsThatBreakOffOrAreNotThereYetAreFetchedAgain(TestDatabase database) throws Exception {
    try (InvoiceNight night = night(database)) {
      night.simulator().faults(new Fault.CutResults(1, null, 2), new Fault.ResultsHidden(2));
      night.extract().submit().untilDone(Duration.ofMinutes(2));
      assertThat(night.count("invoices where loads = 1")).isEqualTo(3);
      assertThat(night.accepted()).isEqualTo(1);
    }
  }

  /** Results may come in another order each time, so what has been read must stay where it is. */
  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void whatADownloadLackedIsAddedBelowWhatItHad(TestDatabase database) throws Exception {
    try (InvoiceNight night = night(database)) {
      lacksALineThatIsNotPaid(night);
      night.extract().submit().minutes(6).poll().collect();
      Path incomplete = results(".incomplete");
      List<String> before = Files.readAllLines(incomplete);
      night.minutes(6).collect();
      List<String> after = Files.readAllLines(results(".incomplete"));
      assertThat(before).hasSize(2);
      assertThat(after).hasSizeGreaterThan(2).startsWith(before.toArray(String[]::new));
      night.untilDone(Duration.ofMinutes(6));
      assertThat(night.count("caravan_batch where stray_lines > 0")).isZero();
      assertThat(night.count("invoices where loads = 1")).isEqualTo(3);
    }
  }

  private Path results(String ending) throws IOException {
    try (Stream<Path> files = Files.walk(home.resolve("data/spool"))) {
      return files
          .filter(file -> file.toString().contains(".results.") && file.toString().endsWith(ending))
          .findFirst()
          .orElseThrow();
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void anAnswerIsJudgedByTheSchemaItWasAskedWith(TestDatabase database) throws Exception {
    try (InvoiceNight night = night(database)) {
      night.extract().submit();
      Path schema = home.resolve("config/jobs/invoices/output.schema.json");
      String old = Files.readString(schema);
      night.write(
          "output.schema.json",
          old.replace("\"department\", \"amount\"", "\"nothing\", \"amount\"")
              .replace("\"department\": {", "\"nothing\": {"));
      night.restart().untilDone();
      assertThat(night.count("invoices where loads = 1")).isEqualTo(3);
    }
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void proseWithNulIsRejectedAndNothingElseSuffers(TestDatabase database) throws Exception {
    try (InvoiceNight night = night(database)) {
      night.simulator().answers("INV-1$", "Here is the JSON:\u0000 {\"department\": \"IT\"}");
      night.extract().submit().untilDone();
      assertThat(night.outcome("INV-1")).isEqualTo("rejected invalid_output");
      othersAreDone(night);
    }
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void anOptionalFieldThatIsLackingIsNull(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database)) {
      Path schema = home.resolve("config/jobs/invoices/output.schema.json");
      night.write(
          "output.schema.json",
          Files.readString(schema).replace("\"amount\", \"summary\", ", "\"amount\", "));
      night
          .simulator()
          .answers("INV-1$", "{\"department\":\"IT\",\"amount\":1,\"approval_required\":false}");
      night.invoices(1, 3).start().extract().submit().untilDone();
      assertThat(night.outcome("INV-1")).isEqualTo("completed");
      assertThat(night.count("invoices where summary is null")).isEqualTo(1);
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void theCostGoesByTheDayTheBatchWasCreated(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 3)) {
      Path prices = home.resolve("config/prices.yaml");
      String dearer =
          """
                - from: 2026-11-21
                  tiers:
                    - input: 100
                      output: 500
                      cache-write-5m: 125
                      cache-write-1h: 200
                      cache-read: 10
          """;
      String text = Files.readString(prices);
      int next = text.indexOf("  - id:", text.indexOf("id: claude-haiku-5-5") + 1);
      Files.writeString(prices, text.substring(0, next) + dearer + text.substring(next));
      night.start().extract().submit().advance(Duration.ofHours(2)).tick();
      assertThat(night.count("invoices where loads = 1")).isEqualTo(3);
      assertThat(night.count("caravan_request where cost_usd > 0.01")).isZero();
    }
  }

  /** The first download lacked lines, and then a person had to mend load.sql. */
  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void missingLinesAreFetchedAgainHoweverLongLoadingWaited(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 5).start()) {
      String good = Files.readString(home.resolve("config/jobs/invoices/load.sql"));
      lacksALineThatIsNotPaid(night);
      night.extract().submit();
      night.write("load.sql", "update invoices set nonsense = :summary").restart();
      night.minutes(6).poll().collect();
      assertThat(night.pause()).contains("load: ");

      night.write("load.sql", good).restart().resume();
      night.advance(Duration.ofHours(1)).untilDone();
      assertThat(night.count("caravan_batch where downloads = 2")).isEqualTo(1);
      assertThat(night.count("invoices where loads = 1")).isEqualTo(5);
    }
  }
}
