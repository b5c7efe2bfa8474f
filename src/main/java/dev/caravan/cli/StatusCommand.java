package dev.caravan.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Where everything stands, from the ledger alone. */
@Command(name = "status", description = "Where jobs, runs and batches stand.")
final class StatusCommand extends Verb {
  @Parameters(paramLabel = "JOB", arity = "0..1")
  @Nullable String job;

  @Override
  public Integer call() throws Exception {
    return look();
  }

  @Override
  ExitCode run(Session session) {
    StatusModel model = new StatusModel(session);
    StatusText text = new StatusText(session);
    if (job == null) {
      out().result(text.all(), model.all());
    } else {
      session.jobs().get(job);
      out().result(text.of(job), model.of(job));
    }
    return ExitCode.DONE;
  }
}
