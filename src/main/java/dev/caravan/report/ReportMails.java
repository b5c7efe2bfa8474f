package dev.caravan.report;

import dev.caravan.batch.Alerts;
import dev.caravan.batch.Reasons;
import dev.caravan.batch.Run;
import dev.caravan.ledger.Ledger;
import dev.caravan.ledger.Mails;
import dev.caravan.ledger.Runs;
import dev.caravan.report.RunReport.Kind;
import dev.caravan.report.RunReports.Built;
import dev.caravan.settings.Job;
import dev.caravan.settings.Settings;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps, for every run that is owed one, the mail of its report in the outbox; each kind of report
 * is kept once, by whichever process is first.
 */
public final class ReportMails {
  private static final Logger LOG = LoggerFactory.getLogger(ReportMails.class);

  private final Ledger ledger;
  private final Runs runs;
  private final Mails mails;
  private final RunReports reports;
  private final MailTexts texts;
  private final MessageIds ids;
  private final Function<String, Job> jobs;
  private final Settings.Mail defaults;
  private final Alerts alerts;

  public ReportMails(
      Ledger ledger,
      Runs runs,
      Mails mails,
      RunReports reports,
      MailTexts texts,
      MessageIds ids,
      Function<String, Job> jobs,
      Settings.Mail defaults,
      Alerts alerts) {
    this.ledger = ledger;
    this.runs = runs;
    this.mails = mails;
    this.reports = reports;
    this.texts = texts;
    this.ids = ids;
    this.jobs = jobs;
    this.defaults = defaults;
    this.alerts = alerts;
  }

  /** Some rows of a report, for the team they belong to. */
  record TeamRows(String job, String subject, Kind kind, ReportRows rows) {}

  /** The reports of a job's runs without a final one. */
  public void keep(@Variable("job") String job) {
    runs.endFinished();
    List<Run> owed = runs.unreported(job);
    if (owed.isEmpty()) {
      LOG.info(
          "{} has no run that is owed a report; ./caravan report {} shows the newest", job, job);
    }
    owed.forEach(this::tryKeep);
  }

  /** The final reports, of all jobs, that an interim report promised. */
  public void keepEnded() {
    runs.endFinished();
    runs.owedFinalReport().forEach(this::tryKeep);
  }

  private void tryKeep(Run run) {
    try {
      keep(run, jobs.apply(run.job()));
    } catch (RuntimeException e) {
      LOG.debug("The report of run {} failed", run.id(), e);
      alerts.raise(
          "report-failed-" + run.id(),
          run.job() + ": the report of the run due " + run.dueAt() + " could not be made",
          Words.line(Reasons.of(e), 1000)
              + " The run itself is not affected; its report is tried again with the next one.",
          "Fix it, then see the report with: ./caravan report " + run.job());
    }
  }

  private void keep(Run run, Job job) {
    Built built = reports.build(run, job);
    String kind = built.report().kind().name().toLowerCase(Locale.ROOT);
    List<String> receivers = job.mailTo().isEmpty() ? defaults.to() : job.mailTo();
    ledger.inTransaction(
        () -> {
          if (runs.reported(run.id(), kind)) {
            keep(run, kind, built, receivers);
          }
        });
  }

  private void keep(Run run, String kind, Built built, List<String> receivers) {
    RunReport report = built.report();
    String name = run.job() + "-" + run.dueAt() + "-" + kind;
    if (receivers.isEmpty()) {
      LOG.warn(
          "{} has no receiver: its report is not mailed. Set mail.to, in the job's job.properties or"
              + " in config/application.properties; ./caravan report {} prints it",
          run.job(),
          run.job());
    } else {
      mails.keep(
          ids.of(name),
          run.id(),
          receivers,
          report.subject(),
          texts.html(report),
          texts.text(report));
    }
    built
        .teams()
        .forEach(
            (address, rows) -> {
              TeamRows team =
                  new TeamRows(run.job(), teamSubject(report, rows), report.kind(), rows);
              mails.keep(
                  ids.of(name + "-" + address),
                  run.id(),
                  List.of(address),
                  team.subject(),
                  texts.html("team-rows", team),
                  texts.text("team-rows", team));
            });
  }

  private static String teamSubject(RunReport report, ReportRows rows) {
    String flags = rows.flags().size() == 1 ? " " + rows.flags().get(0).text() : "";
    return report.job()
        + " "
        + report.dueAt().toLocalDate()
        + ": "
        + Words.count(rows.total(), "row")
        + " for you"
        + (flags.isEmpty() ? "" : "," + flags)
        + (report.kind() == Kind.INTERIM ? " — so far" : "");
  }
}
