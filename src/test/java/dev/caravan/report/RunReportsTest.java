package dev.caravan.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.report.ReportRows.Flag;
import dev.caravan.report.ReportRows.Row;
import dev.caravan.report.RunReport.Cause;
import dev.caravan.report.RunReport.Example;
import dev.caravan.report.RunReport.Kind;
import dev.caravan.report.RunReport.Todo;
import dev.caravan.report.RunReport.Tone;
import dev.caravan.settings.Settings;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.TestDatabase;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

class RunReportsTest {

  @EachDatabase
  void saysWhatANightDid(TestDatabase database) {
    Night night = new Night(database);
    night.run(1, "ended", 6);
    night.sql("update caravan_run set skipped_done = 2, bad_keys = 1, duplicate_keys = 3");
    night.batch("aaaaaaaa", 1, "msgbatch_1", "collected", 3);
    night.batch("bbbbbbbb", 1, "msgbatch_2", "collected", 1);
    night.request("aaaaaaaa", 0, 1, "INV-1", 1, "completed", null, null);
    night.request("aaaaaaaa", 1, 1, "INV-2", 4, "retry", "overloaded_error", "Overloaded");
    night.request("aaaaaaaa", 2, 1, "INV-3", 1, "rejected", "refusal", "stop_reason refusal");
    night.request("bbbbbbbb", 0, 1, "INV-2", 5, "completed", null, null);
    night.usage("aaaaaaaa", 0, 1000, 100, "0.5");
    night.usage("aaaaaaaa", 2, 500, 7, "0.25");
    night.usage("bbbbbbbb", 0, 1000, 200, "1.25");

    RunReport report = night.report(1);

    assertThat(report.counts()).isEqualTo(new RunReport.Counts(6, 0, 2, 3, 1, 3, 4, 2, 1, 1, 0, 0));
    assertThat(report.kind()).isEqualTo(Kind.FINAL);
    assertThat(report.tone()).isEqualTo(Tone.REJECTED);
    assertThat(report.subject())
        .isEqualTo("invoices 2026-11-20: 2 completed, 1 rejected, USD 2.00 (half of 4.00)");
    assertThat(report.verdict()).isEqualTo("2 of 3 records completed, 1 rejected.");
    assertThat(report.took()).isEqualTo("4 h 12 min");
    assertThat(report.dueAt()).hasToString("2026-11-20T23:00+01:00");
    assertThat(report.causes())
        .containsExactly(
            new Cause(
                "rejected", "refusal", 1, List.of(new Example("INV-3", "stop_reason refusal"))),
            new Cause("retry", "overloaded_error", 1, List.of(new Example("INV-2", "Overloaded"))));
    assertThat(report.batches())
        .extracting(b -> b.msgbatchId() + " " + b.state() + " " + b.requests() + " " + b.took())
        .containsExactly("msgbatch_1 collected 3 1 h 30 min", "msgbatch_2 collected 1 1 h 30 min");
    assertThat(report.money().costUsd()).isEqualByComparingTo("2");
    assertThat(report.money().listUsd()).isEqualByComparingTo("4");
    assertThat(report.money().savedPercent()).isEqualTo(50);
    assertThat(
            List.of(
                report.money().inputTokens(),
                report.money().cacheWriteTokens(),
                report.money().cacheReadTokens(),
                report.money().outputTokens()))
        .containsExactly(2500L, 90L, 90L, 307L);
    assertThat(report.notices()).singleElement().asString().contains("1 with an empty key");
  }

  @EachDatabase
  void saysSoWhenThereWasNothingToDo(TestDatabase database) {
    Night night = new Night(database);
    night.run(1, "ended", 0);

    RunReport report = night.report(1);

    assertThat(report.subject()).isEqualTo("invoices 2026-11-20: nothing to do");
    assertThat(report.verdict()).isEqualTo("Nothing to do: the source gave no rows.");
    assertThat(report.tone()).isEqualTo(Tone.QUIET);
    assertThat(night.texts.text(report))
        .startsWith("Nothing to do")
        .doesNotContain("COST", "BATCHES");
  }

  @EachDatabase
  void namesBatchesStillRunningAndWhatAPersonMustDo(TestDatabase database) {
    Night night = new Night(database);
    night.run(1, "open", 4);
    night.batch("aaaaaaaa", 1, "msgbatch_1", "in_progress", 2);
    night.batch("bbbbbbbb", 1, null, "held", 1);
    night.batch("cccccccc", 1, null, "lost", 1);
    night.sql("update caravan_batch set detail = 'no answer' where nonce = 'bbbbbbbb'");
    night.request("aaaaaaaa", 0, 1, "INV-1", 1, null, null, null);
    night.request("aaaaaaaa", 1, 1, "INV-2", 1, "retry", "overloaded_error", null);
    night.request("bbbbbbbb", 0, 1, "INV-3", 1, null, null, null);
    night.jobs.pause("invoices", "The API key was refused.");

    RunReport report = night.report(1);

    assertThat(report.subject())
        .isEqualTo(
            "invoices 2026-11-20: 0 completed — 1 batch still running, 1 batch held — paused");
    assertThat(report.kind()).isEqualTo(Kind.INTERIM);
    assertThat(report.tone()).isEqualTo(Tone.ATTENTION);
    assertThat(report.counts().sent()).isEqualTo(2);
    assertThat(report.counts().open()).isEqualTo(2);
    assertThat(report.counts().waiting()).isEqualTo(1);
    assertThat(report.todo())
        .extracting(Todo::commands)
        .containsExactly(
            List.of("./caravan resume invoices"),
            List.of("./caravan adopt bbbbbbbb MSGBATCH_ID", "./caravan adopt bbbbbbbb none"));
    String text = night.texts.text(report);
    assertThat(text)
        .contains("msgbatch_1 (aaaaaaaa), in_progress, 2 requests, 6 h 59 min")
        .contains("expires 2026-11-21 23:01", "One more mail follows", "The API key was refused.");
  }

  @EachDatabase
  void countsAnswersWithoutAPriceAndNeverSaysTheyWereFree(TestDatabase database) {
    Night night = new Night(database);
    night.run(1, "ended", 1);
    night.batch("aaaaaaaa", 1, "msgbatch_1", "collected", 1);
    night.request("aaaaaaaa", 0, 1, "INV-1", 1, "completed", null, null);
    night.usage("aaaaaaaa", 0, 1000, 100, null);

    RunReport report = night.report(1);

    assertThat(report.money().costUsd()).isNull();
    assertThat(report.subject()).isEqualTo("invoices 2026-11-20: 1 completed, 1 unpriced");
    assertThat(night.texts.text(report))
        .contains("no price for claude-haiku-4-5", "in no amount above: 1")
        .doesNotContain("USD");
  }

  @EachDatabase
  void namesBatchesThatWerePaidTwice(TestDatabase database) {
    Night night = new Night(database);
    night.run(1, "ended", 1);
    night.batch("aaaaaaaa", 1, "msgbatch_twin", "collected", 1);
    night.batch("bbbbbbbb", 1, "msgbatch_2", "collected", 1);
    night.request("aaaaaaaa", 0, 1, "INV-1", 1, "retry", "paid_twice", "answered by another");
    night.usage("aaaaaaaa", 0, 1000, 100, "0.0001");
    night.request("bbbbbbbb", 0, 1, "INV-1", 2, "completed", null, null);

    RunReport report = night.report(1);

    assertThat(report.notices())
        .singleElement()
        .asString()
        .startsWith("Paid twice: msgbatch_twin.");
    assertThat(report.causes()).isEmpty();
  }

  @EachDatabase
  void showsTextsOfStrangersAsTextAndQuotesThemInCommands(TestDatabase database) {
    Night night = new Night(database);
    night.run(1, "ended", 1);
    night.batch("aaaaaaaa", 1, "msgbatch_1", "collected", 1);
    String evil = "<script>alert('1')</script> ${1+1} \"q\" & $(reboot)";
    night.request(
        "aaaaaaaa", 0, 1, evil, 1, "rejected", "invalid_output", "line 1\r\nBcc: x <b>&</b>");

    RunReport report = night.report(1);
    String html = night.texts.html(report);

    assertThat(html)
        .doesNotContain("<script", "<b>")
        .contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; ${1+1} &quot;q&quot; &amp;")
        .contains("line 1 Bcc: x &lt;b&gt;&amp;&lt;/b&gt;");
    assertThat(night.texts.text(report))
        .contains(evil + ": line 1 Bcc: x <b>&</b>")
        .contains(
            "./caravan show invoices '<script>alert('\\''1'\\'')</script> ${1+1} \"q\" &"
                + " $(reboot)'");
  }

  @EachDatabase
  void givesAtMostThreeExamplesOfACauseAndTheirNumber(TestDatabase database) {
    Night night = new Night(database);
    night.run(1, "ended", 5);
    night.batch("aaaaaaaa", 1, "msgbatch_1", "collected", 5);
    for (int n = 0; n < 5; n++) {
      night.request("aaaaaaaa", n, 1, "INV-" + n, 1, "rejected", "truncated", "x".repeat(1000));
    }

    RunReport report = night.report(1);

    Cause cause = report.causes().get(0);
    assertThat(cause.count()).isEqualTo(5);
    assertThat(cause.examples())
        .extracting(Example::key)
        .containsExactly("INV-0", "INV-1", "INV-2");
    assertThat(cause.examples()).allSatisfy(e -> assertThat(e.detail()).hasSizeLessThan(250));
  }

  @EachDatabase
  void showsTheRowsThatNeedAManagerAsReportSqlGivesThem(TestDatabase database) {
    Night night = new Night(database);
    night.sql(
        "create table invoice (id varchar(20), dept varchar(20), amount numeric(12,2), what"
            + " varchar(80))",
        "insert into invoice values ('INV-003', 'Admin', 285000.00, 'Hotel conference offsite"
            + " room')",
        "insert into invoice values ('INV-004', 'IT', 12.50, 'Cables')");
    night.job =
        Night.job(
            "invoices",
            """
            -- Which rows? It's one SELECT; parameter :run.
            select concat(i.id, ' | ', i.dept, ' | ', i.amount, ' | ', i.what) as line,
                   case when i.amount > 50000 then 'APPROVAL REQUIRED' end as flag
            from invoice i join caravan_record r on r.record_key = i.id
            where r.run_id = :run order by i.id
            """,
            List.of());
    night.run(1, "ended", 2);
    night.batch("aaaaaaaa", 1, "msgbatch_1", "collected", 2);
    night.request("aaaaaaaa", 0, 1, "INV-003", 1, "completed", null, null);
    night.request("aaaaaaaa", 1, 1, "INV-004", 1, "completed", null, null);

    RunReport report = night.report(1);

    String line = "INV-003 | Admin | 285000.00 | Hotel conference offsite room | APPROVAL REQUIRED";
    assertThat(night.texts.text(report).lines()).contains("  " + line);
    assertThat(MailTextsTest.plain(night.texts.html(report))).contains(line);
    assertThat(report.rows().flags()).containsExactly(new Flag("APPROVAL REQUIRED", 1));
    assertThat(report.rows().total()).isEqualTo(2);
  }

  @EachDatabase
  void showsAnyOtherColumnsAsATableAndCountsWhatIsTooMuch(TestDatabase database) {
    Night night = new Night(database);
    night.sql("create table invoice (id int, what varchar(80))");
    for (int i = 1; i <= 130; i++) {
      night.sql("insert into invoice values (" + i + ", " + (i == 1 ? "null" : "'x'") + ")");
    }
    night.job =
        Night.job(
            "invoices", "select id as Number, what as What from invoice order by id", List.of());
    night.run(1, "ended", 0);

    ReportRows rows = night.report(1).rows();

    assertThat(rows.columns()).containsExactly("number", "what");
    assertThat(rows.shown()).hasSize(100).startsWith(new Row(List.of("1", ""), null));
    assertThat(rows.hidden()).isEqualTo(30);
    assertThat(night.texts.text(night.report(1))).contains("number | what", "… and 30 more.");
  }

  @EachDatabase
  void reportsTheNightAlsoWhenReportSqlFails(TestDatabase database) {
    Night night = new Night(database);
    night.job = Night.job("invoices", "select line from no_such_table where run = :run", List.of());
    night.run(1, "ended", 0);

    RunReport report = night.report(1);

    assertThat(report.tone()).isEqualTo(Tone.ATTENTION);
    assertThat(report.todo())
        .singleElement()
        .satisfies(
            t -> assertThat(t.text()).contains("report.sql").containsIgnoringCase("no_such_table"));
  }

  @EachDatabase
  void countsOnlyWhatBelongsToTheRun(TestDatabase database) {
    Night night = new Night(database);
    night.run(1, "ended", 1);
    night.batch("aaaaaaaa", 1, "msgbatch_1", "collected", 1);
    night.request("aaaaaaaa", 0, 1, "INV-1", 1, "rejected", "refusal", null);
    night.sql(
        "insert into caravan_run (id, job, due_at, state, pass, started_at)"
            + " values (2, 'invoices', '2026-11-21 22:00:00', 'open', 1, '2026-11-21 22:00:04')");
    night.batch("bbbbbbbb", 2, "msgbatch_2", "in_progress", 1);
    night.request("bbbbbbbb", 0, 2, "INV-1", 2, null, null, null);

    assertThat(night.report(1).counts().rejected()).isEqualTo(1);
    assertThat(night.report(1).counts().retried()).isZero();
    assertThat(night.report(2).counts().open()).isEqualTo(1);
    assertThat(night.report(2).counts().rejected()).isZero();
  }

  @EachDatabase(DatabaseVendor.H2)
  void namesOnlyCausesOfRecordsThatAreStillRejected(TestDatabase database) {
    Night night = new Night(database);
    night.run(1, "ended", 1);
    night.batch("aaaaaaaa", 1, "msgbatch_1", "collected", 2);
    night.request("aaaaaaaa", 0, 1, "INV-1", 1, "rejected", "load_failed", "too long");
    night.request("aaaaaaaa", 1, 1, "INV-1", 2, "completed", null, null);

    assertThat(night.report(1).causes()).isEmpty();
    assertThat(night.report(1).todo()).isEmpty();
    assertThat(night.report(1).tone()).isEqualTo(Tone.GOOD);
  }

  @EachDatabase(DatabaseVendor.H2)
  void givesScriptsTheSameFiguresAsJson(TestDatabase database) throws IOException {
    Night night = new Night(database);
    night.run(1, "ended", 3);
    night.batch("aaaaaaaa", 1, "msgbatch_1", "collected", 1);
    night.request("aaaaaaaa", 0, 1, "INV-1", 1, "completed", null, null);
    night.usage("aaaaaaaa", 0, 1000, 100, "0.000000000001");

    JsonNode json = new ObjectMapper().readTree(night.texts.json(night.report(1)));

    assertThat(json.at("/kind").asText()).isEqualTo("final");
    assertThat(json.at("/due_at").asText()).isEqualTo("2026-11-20T23:00+01:00");
    assertThat(json.at("/counts/read").asLong()).isEqualTo(3);
    assertThat(json.at("/batches/0/msgbatch_id").asText()).isEqualTo("msgbatch_1");
    assertThat(json.at("/money/cost_usd").asDouble()).isEqualTo(1e-12);
    assertThat(night.texts.json(night.report(1))).contains("0.000000000001");
  }

  @EachDatabase
  void aReportSqlThatTakesTooLongIsStoppedAndTheMailSaysSo(TestDatabase database) {
    Night night = new Night(database, new Settings.Report(Duration.ofSeconds(1), 5));
    night.run(1, "ended", 1);
    String slow =
        switch (database.vendor()) {
          case H2 -> "select count(*) as line from system_range(1, 100000000000) where x % 7 = 8";
          case POSTGRESQL -> "select pg_sleep(60)::text as line";
          case MARIADB -> "select sleep(60) as line";
        };
    night.job = Night.job("invoices", slow, List.of());

    RunReport report = night.report(1);

    assertThat(report.todo().get(0).text())
        .contains("rows of report.sql are missing", "stopped after 1 s");
    assertThat(report.rows().shown()).isEmpty();
    assertThat(night.database.count("select count(*) from caravan_run")).isEqualTo(1);
    night.job = Night.job("invoices", "select 'quick' as line", List.of());
    assertThat(night.report(1).rows().total()).isEqualTo(1);
  }

  @EachDatabase({DatabaseVendor.POSTGRESQL, DatabaseVendor.MARIADB})
  void rowsThatComeTooSlowlyAreCutAndTheMailSaysSo(TestDatabase database) {
    Night night = new Night(database, new Settings.Report(Duration.ofSeconds(1), 5));
    night.run(1, "ended", 1);
    night.job =
        Night.job(
            "invoices",
            database.vendor() == DatabaseVendor.POSTGRESQL
                ? "select concat(i, pg_sleep(0.001)) as line from generate_series(1, 60000) i"
                : "select concat(seq, sleep(0.001)) as line from seq_1_to_60000",
            List.of());

    RunReport report = night.report(1);

    assertThat(report.todo().get(0).text()).contains("stopped after 1 s");
    assertThat(report.rows().total()).isLessThan(60_000);
    assertThat(report.rows().shown()).hasSizeLessThanOrEqualTo(5);
  }

  @EachDatabase
  void ofVeryManyRowsTheFirstAreShownAndAllCounted(TestDatabase database) {
    Night night = new Night(database);
    night.run(1, "ended", 1);
    String rows =
        switch (database.vendor()) {
          case H2 -> "select x from system_range(1, 200000)";
          case POSTGRESQL -> "select x from generate_series(1, 200000) x";
          case MARIADB -> "select seq as x from seq_1_to_200000";
        };
    night.job =
        Night.job(
            "invoices",
            "select x as line, concat('flag ', x) as flag, concat('team', x, '@example.org') as"
                + " mail_to from ("
                + rows
                + ") r",
            List.of());

    RunReports.Built built = night.reports.build(night.runs.get(1), night.job);

    assertThat(built.report().rows().total()).isEqualTo(200_000);
    assertThat(built.report().rows().shown()).hasSize(100);
    assertThat(built.report().rows().flags()).hasSize(51);
    assertThat(built.teams()).hasSize(500);
  }

  @EachDatabase(DatabaseVendor.H2)
  void anEmptyReportSqlIsSaid(TestDatabase database) {
    Night night = new Night(database);
    night.run(1, "ended", 1);
    night.batch("aaaaaaaa", 1, "msgbatch_1", "collected", 1);
    night.request("aaaaaaaa", 0, 1, "INV-1", 1, "completed", null, null);
    night.job = Night.job("invoices", "select 'x' as line where 1 = 0", List.of());

    RunReport report = night.report(1);

    assertThat(night.texts.text(report)).contains("report.sql gave no rows for this run.");
    assertThat(night.texts.html(report)).contains("report.sql gave no rows for this run.");
  }

  @EachDatabase(DatabaseVendor.H2)
  void answersWithCharactersReplacedAreCounted(TestDatabase database) {
    Night night = new Night(database);
    night.run(1, "ended", 1);
    night.batch("aaaaaaaa", 1, "msgbatch_1", "collected", 1);
    night.request("aaaaaaaa", 0, 1, "INV-1", 1, "completed", null, null);
    night.sql("update caravan_request set replaced = 2");

    assertThat(night.report(1).notices())
        .singleElement()
        .asString()
        .contains("can't hold a character of theirs: 1 answer");
  }
}
