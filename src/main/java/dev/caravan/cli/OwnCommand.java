package dev.caravan.cli;

import java.util.Map;
import picocli.CommandLine.Command;

/** This home may act on the ledger. */
@Command(
    name = "own",
    description = "Say that this home may act on this ledger (after a move or a restore).")
final class OwnCommand extends Verb {

  @Override
  public Integer call() {
    try (Session session = Session.read(options)) {
      session.access().migrate();
      return run(session).code();
    }
  }

  @Override
  ExitCode run(Session session) {
    String id = new HomeGuard(session.ledger().home, session.settings().home()).own();
    session.ledger().actions.record("own", id, null);
    out().result("This home (" + id + ") owns the ledger now.", Map.of("home", id));
    return ExitCode.DONE;
  }
}
