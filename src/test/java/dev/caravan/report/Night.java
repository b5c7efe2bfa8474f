package dev.caravan.report;

import dev.caravan.batch.Run;
import dev.caravan.ledger.Actions;
import dev.caravan.ledger.Batches;
import dev.caravan.ledger.Home;
import dev.caravan.ledger.Jobs;
import dev.caravan.ledger.Ledger;
import dev.caravan.ledger.LedgerTables;
import dev.caravan.ledger.Mails;
import dev.caravan.ledger.Reports;
import dev.caravan.ledger.Runs;
import dev.caravan.ledger.Vendor;
import dev.caravan.settings.Job;
import dev.caravan.settings.Settings;
import dev.caravan.settings.Thinking;
import dev.caravan.testing.SettableClock;
import dev.caravan.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A ledger made by SQL, and the beans of the report stage around it. */
final class Night {
  static final SettableClock CLOCK = SettableClock.at("2026-11-21T05:00:00Z");
  static final Settings.Mail MAIL =
      new Settings.Mail("caravan@example.com", List.of("ops@example.com"));

  static final Settings.Report LIMITS = new Settings.Report(Duration.ofSeconds(30), 100);

  final TestDatabase database;
  final Ledger ledger;
  final Runs runs;
  final Mails mails;
  final Jobs jobs;
  final RunReports reports;
  final MailTexts texts = new MailTexts(Path.of("templates/mail"));
  final ReportMails reportMails;
  final MailedAlerts alerts;
  @Nullable Job job = job("invoices", null, List.of());

  Night(TestDatabase database) {
    this(database, LIMITS);
  }

  Night(TestDatabase database, Settings.Report limits) {
    this.database = database;
    Vendor vendor = Vendor.of(database.url());
    new LedgerTables(database.dataSource(), vendor, null).migrate();
    this.ledger = new Ledger(database.dataSource(), vendor, null);
    this.runs = new Runs(ledger, "test");
    this.mails = new Mails(ledger);
    this.jobs = new Jobs(ledger);
    this.reports =
        new RunReports(new Reports(ledger), new Batches(ledger, "test"), jobs, limits, CLOCK);
    MessageIds ids = new MessageIds(new Home(ledger), MAIL.from());
    this.alerts = new MailedAlerts(ledger, mails, new Actions(ledger, "tester"), texts, ids, MAIL);
    this.reportMails =
        new ReportMails(ledger, runs, mails, reports, texts, ids, name -> job(), MAIL, alerts);
  }

  private Job job() {
    if (job == null) {
      throw new IllegalStateException("config/jobs/invoices/job.properties is missing");
    }
    return job;
  }

  static Job job(String name, @Nullable String reportSql, List<String> mailTo) {
    return new Job(
        name,
        Path.of("config/jobs", name),
        List.of("id"),
        null,
        null,
        ZoneId.of("Europe/Berlin"),
        "claude-haiku-4-5",
        1000,
        4000,
        Thinking.Wanted.BY_DEFAULT,
        null,
        100_000,
        Job.WhenChanged.RESEND,
        Job.Cache.OFF,
        false,
        mailTo,
        Map.of(),
        "select 1",
        "",
        "{}",
        "",
        reportSql);
  }

  void sql(String... statements) {
    database.execute(statements);
  }

  /** A run due at 23:00 in Berlin, with these rows read. */
  void run(long id, String state, int read) {
    String ended = state.equals("ended") ? "'2026-11-21 02:12:04'" : "null";
    sql(
        """
        insert into caravan_run (id, job, due_at, state, pass, rows_read, skipped_open,
          skipped_done, duplicate_keys, bad_keys, started_at, ended_at)
        values (%d, 'invoices', '2026-11-20 22:00:00', '%s', 1, %d, 0, 0, 0, 0,
          '2026-11-20 22:00:04', %s)
        """
            .formatted(id, state, read, ended));
  }

  void batch(String nonce, long run, @Nullable String msgbatchId, String state, int requests) {
    boolean running = state.equals("in_progress");
    sql(
        """
        insert into caravan_batch (nonce, run_id, job, msgbatch_id, state, requests, spool,
          opened_at, created_at, expires_at, ended_at)
        values ('%s', %d, 'invoices', %s, '%s', %d, '2026-11-20/invoices', '2026-11-20 22:00:05',
          %s, %s, %s)
        """
            .formatted(
                nonce,
                run,
                text(msgbatchId),
                state,
                requests,
                msgbatchId == null ? "null" : "'2026-11-20 22:01:00'",
                msgbatchId == null ? "null" : "'2026-11-21 22:01:00'",
                msgbatchId == null || running ? "null" : "'2026-11-20 23:31:00'"));
  }

  /** A request; open when {@code outcome} is null. */
  void request(
      String nonce,
      int n,
      long run,
      String key,
      int submission,
      @Nullable String outcome,
      @Nullable String cause,
      @Nullable String detail) {
    sql(
        """
        insert into caravan_request (nonce, n, run_id, pass, job, record_key, key_hash, row_hash,
          row_values, submission, attempt, custom_id, open_key, outcome, cause, detail, model)
        values ('%s', %d, %d, 1, 'invoices', %s, %s, '', '{}', %d, %d, 'invoices_%s_%d_', %s, %s,
          %s, %s, 'claude-haiku-4-5')
        """
            .formatted(
                nonce,
                n,
                run,
                text(key),
                text(hash(key)),
                submission,
                submission,
                nonce,
                n,
                outcome == null ? text("invoices:" + hash(key)) : "null",
                text(outcome),
                text(cause),
                text(detail)));
  }

  /** What an answer used; {@code cost} null where the model has no price. */
  void usage(String nonce, int n, int input, int output, @Nullable String cost) {
    sql(
        """
        update caravan_request set input_tokens = %d, cache_write_5m = 10, cache_write_1h = 20,
          cache_read = 30, output_tokens = %d, cost_usd = %s, list_usd = %s * 2
        where nonce = '%s' and n = %d
        """
            .formatted(input, output, cost, cost, nonce, n));
  }

  RunReport report(long run) {
    Run read = runs.get(run);
    return reports.build(read, job()).report();
  }

  private static String hash(String key) {
    return UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8)).toString();
  }

  private static String text(@Nullable String value) {
    return value == null ? "null" : "'" + value.replace("'", "''") + "'";
  }
}
