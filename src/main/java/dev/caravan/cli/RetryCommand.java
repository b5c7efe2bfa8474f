package dev.caravan.cli;

import dev.caravan.Application;
import dev.caravan.batch.Request;
import dev.caravan.collect.KeptAnswers;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Rejected records once more: kept answers are applied for free, the others are rendered anew. */
@Command(
    name = "retry",
    description = "Rejected records again: kept answers first (free), then what has none is sent.")
final class RetryCommand extends Verb {
  @Parameters(paramLabel = "JOB")
  String job = "";

  @Option(names = "--key", paramLabel = "K", description = "Only the record with this key.")
  @Nullable String key;

  @Option(names = "--cause", paramLabel = "C", description = "Only those rejected for this cause.")
  @Nullable String cause;

  @Override
  ExitCode run(Session session) throws Exception {
    session.jobs().get(job);
    List<Request> rejected = session.ledger().requests.rejected(job, key, cause);
    List<Request> kept = rejected.stream().filter(KeptAnswers::isKept).toList();
    Set<String> again =
        rejected.stream()
            .filter(r -> !KeptAnswers.isKept(r))
            .filter(r -> cause != null || key != null || !"refusal".equals(r.cause()))
            .map(Request::keyHash)
            .collect(Collectors.toSet());
    session
        .ledger()
        .actions
        .record("retry", job, "kept " + kept.size() + ", again " + again.size());
    int loaded = 0;
    try (Application application = session.application(false)) {
      KeptAnswers answers = application.bean("keptAnswers", KeptAnswers.class);
      for (Request request : kept) {
        loaded += answers.apply(application.context(), request) ? 1 : 0;
      }
      if (!again.isEmpty()) {
        Instant due = Clock.systemUTC().instant().truncatedTo(java.time.temporal.ChronoUnit.MILLIS);
        Exception failure =
            application.fire(job + "-submit", Map.of("due", due, "only", again)).getException();
        if (failure != null) {
          throw failure;
        }
        Session.call(application, "direct:submit", Map.of());
      }
    }
    String text =
        loaded
            + " of "
            + kept.size()
            + " kept answers are loaded; "
            + again.size()
            + " records are rendered and sent again where extract.sql still gives them.";
    out().result(text, Map.of("loaded", loaded, "kept", kept.size(), "again", again.size()));
    return new Standing(session.ledger()).of(session.ledger().runs.newest(job).stream().toList());
  }
}
