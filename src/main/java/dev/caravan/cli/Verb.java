package dev.caravan.cli;

import dev.caravan.batch.Run;
import dev.caravan.ledger.Jobs;
import dev.caravan.report.MailTexts;
import dev.caravan.report.RunReport;
import dev.caravan.report.RunReports;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.springframework.jdbc.BadSqlGrammarException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command on the ledger: opens a session, does its work, answers an exit code. */
@Command(mixinStandardHelpOptions = true)
abstract class Verb implements Callable<Integer> {
  @Mixin Options options = new Options();

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  CommandSpec spec;

  final Stop stop = new Stop();

  abstract ExitCode run(Session session) throws Exception;

  /** What a signal makes of the exit code. */
  ExitCode whenStopped() {
    return ExitCode.BROKEN;
  }

  @Override
  public Integer call() throws Exception {
    stop.listen(whenStopped());
    int code;
    try (Session session = Session.open(options)) {
      code = run(session).code();
    } finally {
      stop.done();
    }
    return stop.asked() ? whenStopped().code() : code;
  }

  /** The same for a command that only looks: nothing is made, and any home may. */
  Integer look() throws Exception {
    try (Session session = Session.read(options)) {
      try {
        return run(session).code();
      } catch (BadSqlGrammarException e) {
        throw session.access().unreadable(e);
      }
    }
  }

  Out out() {
    return new Out(spec.commandLine().getOut(), options.json);
  }

  /** Why a firing began no run. */
  ExitCode notBegun(Session session, String job) {
    Optional<Jobs.Pause> pause = session.ledger().jobs.pause(job);
    throw new Refused(
        pause.isPresent() ? ExitCode.DECIDE : ExitCode.REFUSED,
        pause
            .map(
                p ->
                    "Job "
                        + job
                        + " is paused since "
                        + Times.time(p.since())
                        + ": "
                        + p.cause()
                        + "\nNothing was sent. When that is mended: ./caravan resume "
                        + job)
            .orElse(
                "Route "
                    + job
                    + "-submit began no run: another process has begun it, or a step of the route"
                    + " ended before runGate.begin. Nothing was done here."));
  }

  /** The report of a run, as the mail says it. */
  void printReport(Session session, Run run) {
    RunReports reports =
        new RunReports(
            session.ledger().reports,
            session.ledger().batches,
            session.ledger().jobs,
            session.settings().report(),
            Clock.systemUTC());
    MailTexts texts = new MailTexts(session.settings().home().resolve("templates/mail"));
    RunReport report =
        reports.build(session.ledger().runs.get(run.id()), session.jobs().get(run.job())).report();
    spec.commandLine().getOut().println(options.json ? texts.json(report) : texts.text(report));
    spec.commandLine().getOut().flush();
  }
}
