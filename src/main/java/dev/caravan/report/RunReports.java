package dev.caravan.report;

import dev.caravan.batch.Batch;
import dev.caravan.batch.Run;
import dev.caravan.ledger.Batches;
import dev.caravan.ledger.Jobs;
import dev.caravan.ledger.Reports;
import dev.caravan.ledger.Reports.Summary;
import dev.caravan.ledger.SqlFault;
import dev.caravan.report.RunReport.BatchLine;
import dev.caravan.report.RunReport.Cause;
import dev.caravan.report.RunReport.Counts;
import dev.caravan.report.RunReport.Money;
import dev.caravan.report.RunReport.Prompt;
import dev.caravan.report.RunReport.Todo;
import dev.caravan.settings.Job;
import dev.caravan.settings.Settings;
import dev.caravan.settings.Units;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.QueryTimeoutException;

/** Builds the report of a run from the ledger and the job's {@code report.sql}. */
public final class RunReports {
  private static final int EXAMPLES = 3;

  /** Records of a run that the database is told of before they are joined. */
  private static final int LARGE = 10_000;

  private final Reports reports;
  private final Batches batches;
  private final Jobs jobs;
  private final Settings.Report limits;
  private final Clock clock;

  public RunReports(
      Reports reports, Batches batches, Jobs jobs, Settings.Report limits, Clock clock) {
    this.reports = reports;
    this.batches = batches;
    this.jobs = jobs;
    this.limits = limits;
    this.clock = clock;
  }

  /** A report, and the rows of it that belong to one team each, by mail address. */
  public record Built(RunReport report, Map<String, ReportRows> teams) {}

  /** The report of a run as it stands now; a failing {@code report.sql} is said in it. */
  public Built build(Run run, Job job) {
    RowsByReceiver dealt = new RowsByReceiver(limits.rows());
    Summary summary = reports.summary(run.id(), EXAMPLES);
    ReportRows rows = rows(run, job, summary, dealt);
    Facts facts =
        new Facts(
            run,
            job,
            jobs.pause(job.name()),
            summary,
            batches.ofRun(run.id()),
            rows,
            dealt.notAddresses());
    return new Built(report(facts), rows.error() == null ? dealt.byReceiver() : Map.of());
  }

  private RunReport report(Facts facts) {
    Run run = facts.run();
    Money money = Money.of(facts.requests().spent(), Todos.unpricedCauses(facts.requests()));
    Verdict verdict = new Verdict(facts, money);
    List<Cause> causes = Cause.of(facts.requests().examples());
    Todos todos = new Todos(facts);
    List<Todo> todo = todos.todo(causes);
    return new RunReport(
        run.job(),
        run.id(),
        verdict.kind(),
        verdict.tone(facts.extractBroke() || todo.stream().anyMatch(Todo::urgent)),
        verdict.subject(),
        verdict.sentence(),
        Objects.requireNonNull(at(run.dueAt(), facts)),
        Objects.requireNonNull(at(run.startedAt(), facts)),
        at(run.endedAt(), facts),
        took(run.startedAt(), run.endedAt()),
        counts(facts),
        todo,
        new Notices(facts).list(),
        facts.rows(),
        causes,
        facts.batches().stream().map(b -> line(b, facts)).toList(),
        Prompt.of(reports.versions(run.id()), reports.versionBefore(run)),
        money);
  }

  private ReportRows rows(Run run, Job job, Summary summary, RowsByReceiver dealt) {
    String sql = job.reportSql();
    if (sql == null || sql.isBlank()) {
      return ReportRows.NONE;
    }
    var query =
        new Reports.Query(sql, run.id(), started(run, summary), job.zone(), limits.timeout());
    try {
      if (summary.records().total() >= LARGE) {
        reports.analyze();
      }
      reports.rows(query, dealt::add);
      return dealt.all().orNone(summary.records().completed() > 0);
    } catch (QueryTimeoutException e) {
      String limit = Units.words(limits.timeout());
      return dealt
          .all()
          .cut("it was stopped after " + limit + " (report.timeout), so that the mail could go.");
    } catch (DataAccessException e) {
      return ReportRows.NONE.cut(Words.line(SqlFault.message(e), 400));
    }
  }

  /**
   * The run has its start from the database's clock, its answers have their time from this
   * machine's: load.sql may have written either.
   */
  private static Instant started(Run run, Summary summary) {
    Instant first = summary.firstAnswer();
    return first != null && first.isBefore(run.startedAt()) ? first : run.startedAt();
  }

  private static Counts counts(Facts facts) {
    var rows = facts.run().counts();
    var records = facts.records();
    return new Counts(
        rows.read(),
        rows.skippedOpen(),
        rows.skippedDone(),
        rows.duplicateKeys(),
        rows.badKeys(),
        records.total(),
        facts.requests().sent(),
        records.completed(),
        records.retried(),
        records.rejected(),
        records.open(),
        records.waiting());
  }

  private BatchLine line(Batch batch, Facts facts) {
    boolean running = Facts.running(batch);
    Instant end = batch.endedAt() == null && running ? clock.instant() : batch.endedAt();
    String detail = batch.detail() == null ? batch.cause() : batch.detail();
    return new BatchLine(
        batch.nonce(),
        batch.msgbatchId(),
        batch.state().text(),
        running,
        batch.requests(),
        at(batch.createdAt(), facts),
        at(batch.endedAt(), facts),
        running && batch.endedAt() == null ? at(batch.expiresAt(), facts) : null,
        took(batch.createdAt(), end),
        detail == null ? null : Words.line(detail, RunReport.MAX_DETAIL));
  }

  private static @Nullable String took(@Nullable Instant from, @Nullable Instant to) {
    return from == null || to == null ? null : Units.words(Duration.between(from, to));
  }

  private static @Nullable OffsetDateTime at(@Nullable Instant instant, Facts facts) {
    return instant == null ? null : instant.atZone(facts.job().zone()).toOffsetDateTime();
  }
}
