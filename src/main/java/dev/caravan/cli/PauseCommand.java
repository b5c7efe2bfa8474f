package dev.caravan.cli;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** No new sending for a job. */
@Command(
    name = "pause",
    description = "Send nothing more for a job; batches already paid for are still collected.")
final class PauseCommand extends Verb {
  @Parameters(paramLabel = "JOB")
  String job = "";

  @Override
  ExitCode run(Session session) {
    session.jobs().get(job);
    boolean changed =
        session.ledger().jobs.pause(job, "paused by " + System.getProperty("user.name", "unknown"));
    session.ledger().actions.record("pause", job, null);
    String text =
        changed
            ? "Job " + job + " is paused. Go on with ./caravan resume " + job
            : session
                .ledger()
                .jobs
                .pause(job)
                .map(
                    before ->
                        "Job "
                            + job
                            + " was paused already, since "
                            + Times.time(before.since())
                            + ": "
                            + before.cause()
                            + "\nGo on with ./caravan resume "
                            + job)
                .orElse("Job " + job + " was resumed just now.");
    out().result(text, Map.of("job", job, "paused", true, "changed", changed));
    return ExitCode.DONE;
  }
}
