package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.faults.FaultTable;
import dev.caravan.simulator.SimulatorOptions;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./caravan retry}: what is paid for is used first, and nothing else is promised. */
class DeadLettersTest {
  private static final String GOOD =
      "{\"department\":\"IT\",\"amount\":1.5,\"summary\":\"s\",\"approval_required\":false}";

  @TempDir Path home;

  /** INV-1: answered, but its row is closed; INV-2: refused; INV-3, INV-4: no JSON. */
  private InvoiceNight withDeadLetters(TestDatabase database) throws Exception {
    InvoiceNight night =
        InvoiceNight.in(
            home, database, o -> SimulatorOptions.defaults().withProcessing(Duration.ZERO));
    Path load = home.resolve("config/jobs/invoices/load.sql");
    night.write("load.sql", Files.readString(load) + " and vendor <> 'closed'\n");
    night.invoices(1, 6).set("poll.first", "1s").set("poll.max", "1s");
    database.execute("update invoices set vendor = 'closed' where invoice_no = 'INV-1'");
    night.simulator().answers("INV-[34]$", "no JSON");
    night
        .simulator()
        .faults(
            new dev.caravan.simulator.Fault.Refusal(
                java.util.regex.Pattern.compile("INV-2$"), null));
    Console first = run(night, "night", "invoices");
    assertThat(first.exit()).as(first.all()).isEqualTo(2);
    assertThat(night.outcome("INV-1")).isEqualTo("rejected not_loaded");
    assertThat(night.outcome("INV-2")).isEqualTo("rejected refusal");
    assertThat(night.outcome("INV-3")).isEqualTo("rejected invalid_output");
    return night;
  }

  private static Console run(InvoiceNight night, String... words) throws Exception {
    return Console.run(night.fixture(), words);
  }

  private static InvoiceNight mendAnswers(InvoiceNight night) {
    night.simulator().answers("INV-[34]$", GOOD);
    return night;
  }

  @EachDatabase({DatabaseVendor.POSTGRESQL, DatabaseVendor.MARIADB})
  @Tag("faults")
  void usesKeptAnswersAndReadsTheOthersAgain(TestDatabase database) throws Exception {
    try (InvoiceNight night = mendAnswers(withDeadLetters(database))) {
      long accepted = night.accepted();
      database.execute(
          "update invoices set processed_at = timestamp '2026-11-20 12:00:00' where invoice_no = 'INV-4'");

      Console retry = run(night, "retry", "invoices");

      assertThat(retry.exit()).isEqualTo(5);
      assertThat(retry.err())
          .contains("2 records to be sent; 2 records will be paid for again (last time USD 0.0");
      assertThat(retry.out())
          .contains("4 rejected records of job invoices")
          .contains("0 of 1 kept answer loaded, at no cost")
          .contains("INV-1  not_loaded: ")
          .contains("1 record read again and sent")
          .contains("1 record no longer given by extract.sql", "still rejected: INV-4")
          .contains("1 refusal left alone", ": INV-2");
      assertThat(night.accepted()).isEqualTo(accepted + 1);

      assertThat(run(night, "night", "invoices").exit()).isZero();
      assertThat(night.outcome("INV-3")).isEqualTo("completed");
      assertThat(night.outcome("INV-4")).isEqualTo("rejected invalid_output");

      night.advance(Duration.ofDays(2)).start().fixture().call("direct:housekeeping");
      assertThat(night.count("caravan_batch where spool_compressed_at is not null")).isPositive();
      assertThat(run(night, "show", "invoices", "INV-1").out())
          .as("from files that are compressed by now")
          .contains("\"max_tokens\":", "\"stop_reason\":");
      database.execute("update invoices set vendor = 'open' where invoice_no = 'INV-1'");
      Console free = run(night, "retry", "invoices", "--cause", "not_loaded");
      assertThat(free.exit()).isZero();
      assertThat(free.out()).contains("1 of 1 kept answer loaded, at no cost");
      assertThat(free.err()).doesNotContain("to be sent");
      assertThat(night.outcome("INV-1")).isEqualTo("completed");
      assertThat(night.accepted()).isEqualTo(accepted + 1);
      assertThat(night.count("caravan_action where action = 'retry' and os_user <> ''"))
          .isEqualTo(2);
      FaultTable.tried("retry of dead letters", night);
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void sendsOnlyWhenToldWhatHasAnAnswerOrWasRefused(TestDatabase database) throws Exception {
    try (InvoiceNight night = withDeadLetters(database)) {
      night.simulator().clearFaults();
      Console kept = run(night, "retry", "invoices", "--key", "INV-1", "--send-again");
      assertThat(kept.exit()).isEqualTo(5);
      assertThat(kept.out()).contains("0 of 1 kept answer loaded", "1 record read again and sent");
      Console refused = run(night, "retry", "invoices", "--send-again", "--cause", "refusal");
      assertThat(refused.exit()).isEqualTo(5);
      assertThat(run(night, "retry", "invoices", "--key", "INV-1").out())
          .contains("no rejected record with the key INV-1", "Record INV-1 is open");
      assertThat(run(night, "retry", "invoices", "--key", "INV-99").out())
          .contains("It knows no record INV-99");
      database.execute("update invoices set vendor = 'open' where invoice_no = 'INV-1'");
      run(night, "collect");
      assertThat(night.outcome("INV-1")).isEqualTo("completed");
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void onAPausedJobTheRecordsWaitForResume(TestDatabase database) throws Exception {
    try (InvoiceNight night = mendAnswers(withDeadLetters(database))) {
      long accepted = night.accepted();
      run(night, "pause", "invoices");
      night.invoices(7, 8);

      for (int times = 0; times < 2; times++) {
        Console retry = run(night, "retry", "invoices", "--key", "INV-3");
        assertThat(retry.exit()).isEqualTo(3);
        assertThat(retry.out())
            .contains("1 record not sent, waiting: ./caravan resume invoices sends them")
            .contains("is paused: paused by ")
            .doesNotContain("read again and sent");
      }
      assertThat(night.accepted()).isEqualTo(accepted);

      assertThat(run(night, "resume", "invoices").out()).contains("./caravan night invoices");
      run(night, "night", "invoices");
      assertThat(night.outcome("INV-3")).isEqualTo("completed");
      run(night, "night", "invoices");
      assertThat(
              night.count("caravan_request where record_key = 'INV-3' and outcome = 'completed'"))
          .isEqualTo(1);
      assertThat(night.count("caravan_request where record_key in ('INV-7', 'INV-8')")).isZero();
      assertThat(night.accepted()).isEqualTo(accepted + 1);
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void aBrokenLoadSqlPausesTheJobAndPaysNothing(TestDatabase database) throws Exception {
    try (InvoiceNight night = withDeadLetters(database)) {
      long accepted = night.accepted();
      night.write(
          "load.sql", "update invoices set nonsense = :summary where invoice_no = :key_invoice_no");
      Console retry = run(night, "retry", "invoices", "--send-again", "--key", "INV-1");
      assertThat(retry.exit()).isEqualTo(3);
      assertThat(retry.out())
          .contains(
              "job invoices is paused: load: ", "./caravan resume invoices, then retry again");
      assertThat(night.accepted()).isEqualTo(accepted);
      assertThat(run(night, "show", "invoices", "INV-1").out())
          .contains("rejected (not_loaded)", "USD 0.0", "request: {", "result:  {")
          .contains("kept. To load it, at no cost: ./caravan retry invoices --key INV-1");
    }
  }

  @EachDatabase({DatabaseVendor.POSTGRESQL, DatabaseVendor.MARIADB})
  void anAnswerThatRetentionRemovedIsAskedForAnew(TestDatabase database) throws Exception {
    try (InvoiceNight night = withDeadLetters(database).withoutRules()) {
      long accepted = night.accepted();
      night.start().endedAgo(Duration.ofDays(31)).fixture().call("direct:housekeeping");
      night.fixture().stop();
      assertThat(run(night, "show", "invoices", "INV-1").out())
          .contains("rejected (not_loaded)", "USD 0.0", "request: not in the spool")
          .contains("read the record again and send it: ./caravan retry invoices --key INV-1");

      database.execute("update invoices set vendor = 'open' where invoice_no = 'INV-1'");
      Console retry = run(night, "retry", "invoices", "--key", "INV-1");
      assertThat(retry.err()).contains("1 record will be paid for again");
      assertThat(retry.out()).contains("1 record read again and sent");
      assertThat(night.accepted()).isEqualTo(accepted + 1);
      run(night, "night", "invoices");
      assertThat(night.outcome("INV-1")).isEqualTo("completed");
    }
  }

  /** As if it had been too long for the memory until now: nobody has looked at its content yet. */
  @EachDatabase(DatabaseVendor.H2)
  void aKeptAnswerThatIsNoGoodStaysRejectedAndCanBeSentAgain(TestDatabase database)
      throws Exception {
    try (InvoiceNight night = withDeadLetters(database)) {
      database.execute(
          "update caravan_request set cause = 'expired' where record_key = 'INV-3' and outcome = 'retry'",
          "update caravan_request set cause = 'too_long', attempt = 1 where record_key = 'INV-3' and outcome = 'rejected'");
      Console retry = run(night, "retry", "invoices", "--key", "INV-3");
      assertThat(retry.exit()).isEqualTo(2);
      assertThat(retry.out()).contains("still rejected", "INV-3  invalid_output");
      assertThat(night.outcome("INV-3")).isEqualTo("rejected invalid_output");

      mendAnswers(night);
      assertThat(run(night, "retry", "invoices", "--key", "INV-3").exit()).isEqualTo(5);
      run(night, "night", "invoices");
      assertThat(night.outcome("INV-3")).isEqualTo("completed");
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void whatIsLeftOfAnEarlierNightDoesNotStandInForTonight(TestDatabase database) throws Exception {
    try (InvoiceNight night =
        InvoiceNight.in(
            home, database, o -> SimulatorOptions.defaults().withProcessing(Duration.ZERO))) {
      night.set("poll.first", "1s").set("poll.max", "1s").invoices(1, 2).start();
      night.extract().submit().fixture().stop();
      database.execute("update caravan_run set due_at = timestamp '2020-01-01 23:00:00'");
      night.invoices(3, 4);
      Console console = run(night, "night", "invoices");
      assertThat(console.exit()).as(console.all()).isZero();
      assertThat(night.outcome("INV-3")).isEqualTo("completed");
      assertThat(night.outcome("INV-1")).isEqualTo("completed");
      assertThat(night.accepted()).isEqualTo(2);
    }
  }
}
