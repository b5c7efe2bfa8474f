package dev.caravan.cli;

import dev.caravan.Application;
import dev.caravan.batch.Run;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Mails what is owed and shows the report of the newest run. */
@Command(name = "report", description = "Mail and show the report of a job's newest run.")
final class ReportCommand extends Verb {
  @Parameters(paramLabel = "JOB")
  String job = "";

  @Override
  ExitCode run(Session session) throws Exception {
    session.jobs().get(job);
    Optional<Run> newest = session.ledger().runs.newest(job);
    if (newest.isEmpty()) {
      throw new Refused(
          ExitCode.REFUSED,
          "Job "
              + job
              + " has no run yet, so there is nothing to report. Begin one: ./caravan night "
              + job);
    }
    try (Application application = session.application(false)) {
      Session.call(application, "direct:report", Map.of("job", job));
    }
    printReport(session, newest.get());
    return new Standing(session.ledger()).of(newest.get());
  }
}
