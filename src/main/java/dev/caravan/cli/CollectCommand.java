package dev.caravan.cli;

import dev.caravan.Application;
import dev.caravan.batch.Batch;
import dev.caravan.batch.Run;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Looks at every running batch now, and collects what has ended. */
@Command(
    name = "collect",
    description = "Download results, decide outcomes, load; sends again what must be.")
final class CollectCommand extends Verb {
  @Parameters(paramLabel = "JOB", arity = "0..1")
  @Nullable String job;

  @Override
  ExitCode run(Session session) throws Exception {
    List<String> jobs =
        job == null ? session.jobs().names() : List.of(session.jobs().get(job).name());
    List<Run> runs =
        session.ledger().runs.unfinished().stream().filter(r -> jobs.contains(r.job())).toList();
    try (Application application = session.application(false)) {
      for (String name : jobs) {
        List<String> running =
            session.ledger().batches.running(name).stream().map(Batch::nonce).toList();
        application.context().createProducerTemplate().sendBody("direct:look", running);
      }
      new Rounds(application, session.ledger(), stop, java.time.Clock.systemUTC()).once();
    }
    out().result(new StatusText(session).all(), new StatusModel(session).all());
    return new Standing(session.ledger()).of(runs);
  }
}
