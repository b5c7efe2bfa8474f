package dev.caravan.cli;

import dev.caravan.Application;
import java.util.Map;
import picocli.CommandLine.Command;

/** One look at whatever is due. */
@Command(name = "poll", description = "One look at the batches whose time has come.")
final class PollCommand extends Verb {

  @Override
  ExitCode run(Session session) throws Exception {
    try (Application application = session.application(false)) {
      Session.call(application, "direct:submit", Map.of());
      Session.call(application, "direct:poll", Map.of());
    }
    out().result(new StatusText(session).all(), new StatusModel(session).all());
    return new Standing(session.ledger()).of(session.ledger().runs.unfinished());
  }
}
