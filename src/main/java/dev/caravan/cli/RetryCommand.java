package dev.caravan.cli;

import dev.caravan.Application;
import dev.caravan.batch.Request;
import dev.caravan.batch.Run;
import dev.caravan.batch.Usd;
import dev.caravan.collect.KeptAnswers;
import dev.caravan.ledger.Jobs;
import dev.caravan.report.Words;
import java.math.BigDecimal;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Rejected records once more: kept answers are applied for free, the others are read anew. */
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

  @Option(
      names = "--send-again",
      description = "Send refusals too, and what has a kept answer that can't be loaded.")
  boolean sendAgain;

  @Override
  ExitCode run(Session session) throws Exception {
    session.jobs().get(job);
    List<Request> rejected = session.ledger().requests.rejected(job, key, cause);
    if (rejected.isEmpty()) {
      out().result(nothing(session), retried(rejected, 0, List.of(), null, 0, null));
      return ExitCode.DONE;
    }
    session.ledger().actions.record("retry", job, wish(rejected));
    Retried done;
    try (Application application = session.application(false)) {
      done = retry(session, application, rejected);
    }
    out().result(new RetriedText(done).text(), done);
    return done.exit();
  }

  private Retried retry(Session session, Application application, List<Request> rejected)
      throws Exception {
    DeadLetters letters = new DeadLetters(application, session.ledger(), job);
    List<Request> kept = rejected.stream().filter(KeptAnswers::isKept).toList();
    List<Retried.Letter> notLoaded = letters.applyKept(kept);
    int loaded = kept.size() - notLoaded.size();
    List<Request> asked = new ArrayList<>(rejected.stream().filter(this::isAsked).toList());
    if (sendAgain && !letters.halted()) {
      Set<String> still = notLoaded.stream().map(Retried.Letter::key).collect(Collectors.toSet());
      kept.stream().filter(request -> still.contains(request.recordKey())).forEach(asked::add);
      notLoaded = List.of();
    }
    Retried.Sent sent = null;
    Optional<Run> run = Optional.empty();
    if (!asked.isEmpty()) {
      tellCost(asked);
      run = send(session, application, asked);
      sent = run.map(begun -> letters.sent(begun, asked)).orElse(null);
    }
    int waits = run.isEmpty() ? asked.size() : 0;
    String paused =
        letters.halted() || waits > 0
            ? session.ledger().jobs.pause(job).map(Jobs.Pause::cause).orElse(null)
            : null;
    return retried(rejected, loaded, notLoaded, sent, waits, paused);
  }

  /** Records without a kept answer; a refusal only when it was named. */
  private boolean isAsked(Request request) {
    return !KeptAnswers.isKept(request) && !isLeftOut(request);
  }

  private boolean isLeftOut(Request request) {
    return "refusal".equals(request.cause()) && cause == null && key == null && !sendAgain;
  }

  private Optional<Run> send(Session session, Application application, List<Request> asked)
      throws Exception {
    Rounds rounds = new Rounds(application, session.ledger(), stop, Clock.systemUTC());
    Optional<Run> run =
        rounds.again(job, asked.stream().map(Request::keyHash).collect(Collectors.toSet()));
    if (run.isPresent()) {
      Session.call(application, "direct:submit", java.util.Map.of());
    }
    return run;
  }

  private void tellCost(List<Request> asked) {
    List<BigDecimal> paid = asked.stream().map(Request::costUsd).filter(Objects::nonNull).toList();
    BigDecimal sum = paid.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    String before =
        paid.isEmpty()
            ? "none of them was paid for yet"
            : Words.count(paid.size(), "record")
                + " will be paid for again (last time USD "
                + Usd.text(sum)
                + ")";
    spec.commandLine()
        .getErr()
        .println(Words.count(asked.size(), "record") + " to be sent; " + before + ".");
  }

  private Retried retried(
      List<Request> rejected,
      int loaded,
      List<Retried.Letter> notLoaded,
      Retried.@Nullable Sent sent,
      int waits,
      @Nullable String paused) {
    return new Retried(
        job,
        rejected.size(),
        (int) rejected.stream().filter(KeptAnswers::isKept).count(),
        loaded,
        notLoaded,
        sent,
        waits,
        rejected.stream().filter(this::isLeftOut).map(Request::recordKey).toList(),
        paused);
  }

  private String nothing(Session session) {
    String which =
        (cause == null ? "" : " for " + cause) + (key == null ? "" : " with the key " + key);
    String text = "Job " + job + " has no rejected record" + which + ". Nothing was done.";
    if (key == null) {
      return text;
    }
    return session.history(job, key).stream()
        .max(java.util.Comparator.comparingInt(Request::submission))
        .map(newest -> text + " Record " + key + " is " + standing(newest) + ".")
        .orElse(text + " It knows no record " + key + ".");
  }

  private static String standing(Request request) {
    String outcome = Objects.requireNonNullElse(request.outcome(), "open");
    return outcome + (request.cause() == null ? "" : " (" + request.cause() + ")");
  }

  private String wish(List<Request> rejected) {
    return Words.count(rejected.size(), "rejected record")
        + (cause == null ? "" : ", cause " + cause)
        + (key == null ? "" : ", key " + key)
        + (sendAgain ? ", send again" : "");
  }
}
