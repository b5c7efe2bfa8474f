package dev.caravan.cli;

import dev.caravan.Application;
import dev.caravan.LedgerBeans;
import dev.caravan.batch.BatchState;
import dev.caravan.batch.Known;
import dev.caravan.batch.Request;
import dev.caravan.batch.Run;
import dev.caravan.collect.KeptAnswers;
import dev.caravan.ledger.SqlFault;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Rejected records of one job on their way back: kept answers first, the rest by its source. */
final class DeadLetters {
  private final Application application;
  private final LedgerBeans ledger;
  private final String job;
  private final Set<String> loaded = new HashSet<>();
  private final Set<String> gone = new HashSet<>();
  private boolean halted;

  DeadLetters(Application application, LedgerBeans ledger, String job) {
    this.application = application;
    this.ledger = ledger;
    this.job = job;
  }

  /**
   * Loads the kept answers, which costs nothing, one by one.
   *
   * @return those that still don't load, with the cause of now
   */
  List<Retried.Letter> applyKept(List<Request> kept) {
    KeptAnswers answers = application.bean("keptAnswers", KeptAnswers.class);
    for (Request request : kept) {
      if (!halted) {
        apply(answers, request);
      }
    }
    return kept.stream()
        .filter(request -> !loaded.contains(request.keyHash()))
        .map(this::now)
        .toList();
  }

  private void apply(KeptAnswers answers, Request request) {
    try {
      if (!answers.apply(application.context(), request)) {
        gone.add(request.keyHash());
      } else if ("completed".equals(again(request).outcome())) {
        loaded.add(request.keyHash());
      }
    } catch (IllegalStateException e) {
      if (SqlFault.of(e) == SqlFault.TRANSIENT || ledger.jobs.pause(job).isEmpty()) {
        throw e;
      }
      halted = true;
    }
  }

  /** Whether load.sql or the table is wrong, so that the job was paused. */
  boolean halted() {
    return halted;
  }

  private Request again(Request request) {
    return ledger
        .requests
        .byN(request.nonce(), List.of(request.n()))
        .getOrDefault(request.n(), request);
  }

  private Retried.Letter now(Request request) {
    Request now = again(request);
    return gone.contains(request.keyHash())
        ? new Retried.Letter(now.recordKey(), now.cause(), "its answer is gone from the spool")
        : Retried.Letter.of(now);
  }

  /** What became of the records that a run was asked for, and that were rejected before. */
  Retried.Sent sent(Run run, List<Request> asked) {
    Map<String, Known> known =
        ledger.requests.known(
            job, asked.stream().map(Request::keyHash).collect(Collectors.toSet()));
    List<Retried.Letter> rejected = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    int open = 0;
    for (Request request : asked) {
      Known newest = known.get(request.keyHash());
      if (newest == null || newest.submission() == request.submission()) {
        missing.add(request.recordKey());
      } else if ("rejected".equals(newest.outcome())) {
        ledger.requests.newest(request).map(Retried.Letter::of).ifPresent(rejected::add);
      } else {
        open++;
      }
    }
    int waiting =
        ledger.batches.ofRun(run.id()).stream()
            .filter(batch -> batch.state() == BatchState.READY)
            .mapToInt(batch -> batch.requests())
            .sum();
    return new Retried.Sent(open - waiting, waiting, rejected, missing);
  }
}
