package dev.caravan.cli;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** A paused job sends again. */
@Command(name = "resume", description = "Let a paused job send again; what waited goes on.")
final class ResumeCommand extends Verb {
  @Parameters(paramLabel = "JOB")
  String job = "";

  @Override
  ExitCode run(Session session) {
    session.jobs().get(job);
    boolean changed = session.ledger().jobs.resume(job);
    session.ledger().batches.dueNow(job);
    session.ledger().runs.dueNow(job);
    session.ledger().actions.record("resume", job, null);
    String text =
        changed
            ? "Job "
                + job
                + " goes on. What waited is taken up by ./caravan start, or now by"
                + " ./caravan collect "
                + job
            : "Job " + job + " was not paused.";
    out().result(text, Map.of("job", job, "paused", false, "changed", changed));
    return ExitCode.DONE;
  }
}
