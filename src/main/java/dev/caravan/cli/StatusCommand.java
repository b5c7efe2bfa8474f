package dev.caravan.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.BadSqlGrammarException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Where everything stands, from the ledger alone. */
@Command(name = "status", description = "Where jobs, runs and batches stand.")
final class StatusCommand extends Verb {
  @Parameters(paramLabel = "JOB", arity = "0..1")
  @Nullable String job;

  @Override
  public Integer call() {
    try (Session session = Session.read(options)) {
      return answer(session).code();
    }
  }

  private ExitCode answer(Session session) {
    try {
      return run(session);
    } catch (BadSqlGrammarException e) {
      List<String> pending = session.ledger().tables.pending();
      throw new Refused(
          ExitCode.REFUSED,
          "This database has no ledger of this version yet; it lacks "
              + (pending.isEmpty() ? "some tables" : String.join(", ", pending))
              + ". The next run makes it: ./caravan night JOB");
    }
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
