package dev.caravan.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Where everything stands, from the ledger alone. */
@Command(name = "status", description = "Where jobs, runs and batches stand.")
final class StatusCommand extends Verb {
  @Parameters(paramLabel = "JOB", arity = "0..1")
  @Nullable String job;

  @Option(
      names = "--check",
      description =
          "End with 3 when a due run did not happen, a job is paused or a batch is held; for monitors.")
  boolean check;

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
    List<String> asked = job == null ? session.jobs().names() : List.of(job);
    boolean wrong = check && asked.stream().map(model::of).anyMatch(StatusModel.JobStatus::waits);
    return wrong ? ExitCode.DECIDE : ExitCode.DONE;
  }
}
