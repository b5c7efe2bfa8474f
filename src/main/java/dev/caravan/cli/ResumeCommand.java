package dev.caravan.cli;

import dev.caravan.batch.RunState;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** A paused job sends again. */
@Command(name = "resume", description = "Let a paused job send again; what waited continues.")
final class ResumeCommand extends Verb {
  @Parameters(paramLabel = "JOB")
  String job = "";

  /** A run whose extract waits is taken up by night; the rest by collect as well. */
  private String now(Session session) {
    boolean extract =
        session.ledger().runs.unfinished().stream()
            .anyMatch(run -> run.job().equals(job) && run.state() == RunState.EXTRACTING);
    return "./caravan " + (extract ? "night " : "collect ") + job;
  }

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
                + " continues. What waited is taken up by ./caravan start, or now: "
                + now(session)
            : "Job " + job + " was not paused.";
    out().result(text, Map.of("job", job, "paused", false, "changed", changed));
    return ExitCode.DONE;
  }
}
