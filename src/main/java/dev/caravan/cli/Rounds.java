package dev.caravan.cli;

import dev.caravan.Application;
import dev.caravan.LedgerBeans;
import dev.caravan.batch.Reasons;
import dev.caravan.batch.Run;
import dev.caravan.batch.RunState;
import dev.caravan.extract.AgainCount;
import dev.caravan.extract.Extraction;
import dev.caravan.ledger.Jobs;
import dev.caravan.ledger.SqlFault;
import dev.caravan.ledger.TakenOver;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.util.ObjectHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A run in the foreground: what the service's ticks do, until it is over. */
final class Rounds implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final Duration PAUSE_BESIDE_EXTRACT = Duration.ofMillis(300);

  private final Application application;
  private final LedgerBeans ledger;
  private final Stop stop;
  private final Clock clock;
  private final CountDownLatch extracted = new CountDownLatch(1);
  private final Thread beside = new Thread(this::besideExtract, "rounds");

  Rounds(Application application, LedgerBeans ledger, Stop stop, Clock clock) {
    this.application = application;
    this.ledger = ledger;
    this.stop = stop;
    this.clock = clock;
  }

  /**
   * Reads the source of a job, as if its trigger had fired now; an extract that broke off is taken
   * up instead. Empty when nothing was begun.
   */
  Optional<Run> extract(String job, @Nullable Integer limit) throws Exception {
    Optional<Run> left =
        ledger.runs.abandoned().stream().filter(run -> run.job().equals(job)).findFirst();
    if (left.isPresent()) {
      fire(job, Map.of("run", left.get()));
      return left.map(run -> read(ledger.runs.get(run.id())));
    }
    Instant due = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    fire(job, limit == null ? Map.of("due", due) : Map.of("due", due, "limit", limit));
    return ledger.runs.find(job, due).map(this::read);
  }

  /**
   * Reads those records of a job from its source again, by key hash, as a run of their own; empty
   * when the job is paused: then the run waits for {@code resume}.
   */
  Optional<Run> again(String job, Set<String> keyHashes) throws Exception {
    Instant due = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    fire(job, Map.of("due", due, "only", keyHashes));
    boolean paused = ledger.jobs.pause(job).isPresent();
    return paused ? Optional.empty() : ledger.runs.find(job, due);
  }

  /** What {@link #finishedAgain} would do: the source is read, and nothing claimed. */
  AgainCount count(String job, @Nullable Set<String> only, @Nullable Integer limit)
      throws Exception {
    Map<String, Object> wish = wish(only, limit);
    wish.put("count", true);
    Extraction counted = fire(job, wish).getVariable("extraction", Extraction.class);
    if (counted == null) {
      throw new IllegalStateException("Route " + job + "-submit did not read the source");
    }
    return counted.again();
  }

  /** Reads the source as a run that sends finished records again; empty when none was begun. */
  Optional<Run> finishedAgain(String job, @Nullable Set<String> only, @Nullable Integer limit)
      throws Exception {
    Map<String, Object> wish = wish(only, limit);
    Instant due = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    wish.put("again", true);
    wish.put("due", due);
    fire(job, wish);
    return ledger.runs.find(job, due).map(this::read);
  }

  private static Map<String, Object> wish(@Nullable Set<String> only, @Nullable Integer limit) {
    Map<String, Object> wish = new HashMap<>();
    if (only != null) {
      wish.put("only", only);
    }
    if (limit != null) {
      wish.put("limit", limit);
    }
    return wish;
  }

  /** The newest run of a job that waits for its answers. */
  Optional<Run> waiting(String job) {
    return ledger.runs.unfinished().stream()
        .filter(run -> run.job().equals(job) && run.state() == RunState.OPEN)
        .reduce((first, second) -> second);
  }

  private Exchange fire(String job, Map<String, Object> variables) throws Exception {
    Exchange done = application.fire(job + "-submit", variables);
    Exception failure = done.getException();
    if (failure == null) {
      return done;
    }
    TakenOver takenOver = ObjectHelper.getException(TakenOver.class, failure);
    if (takenOver != null) {
      throw new Refused(
          ExitCode.UNFINISHED,
          takenOver.getMessage()
              + ": this process was held to be dead. The run continues there; nothing of what was"
              + " written here and not told to the ledger is sent. See ./caravan status "
              + job);
    }
    Optional<Jobs.Pause> pause =
        SqlFault.of(failure) == SqlFault.TRANSIENT ? Optional.empty() : ledger.jobs.pause(job);
    if (pause.isEmpty()) {
      throw failure;
    }
    throw paused(job, pause.get());
  }

  /** A run whose extract stopped half-way without an error is not taken for one that was read. */
  private Run read(Run run) {
    if (run.state() != RunState.EXTRACTING || run.error() == null) {
      return run;
    }
    throw ledger
        .jobs
        .pause(run.job())
        .map(pause -> paused(run.job(), pause))
        .orElseGet(
            () ->
                new Refused(
                    ExitCode.BROKEN,
                    "Extract of run " + run.id() + " failed: " + run.error() + "\nRun it again."));
  }

  private static Refused paused(String job, Jobs.Pause pause) {
    return new Refused(
        ExitCode.DECIDE,
        "Job "
            + job
            + " is paused: "
            + pause.cause()
            + "\nFull batches are sent as usual; the rest of this run waits."
            + " Fix that, try ./caravan check, then ./caravan resume "
            + job);
  }

  private interface Step {
    void run() throws Exception;
  }

  /** Whatever is due now: resend, submit, look, collect, mail. */
  void once() throws Exception {
    all(this::send, this::gather);
  }

  /** One thread at a time: leases keep processes apart, not threads of one. */
  private synchronized void send() throws Exception {
    all(route("direct:resend"), route("direct:submit"), route("direct:poll"));
  }

  private void gather() throws Exception {
    all(route("direct:collect"), route("direct:report-ended"));
  }

  private Step route(String uri) {
    return () -> Session.call(application, uri, Map.of());
  }

  /** One that fails keeps no other from its work; the first failure is thrown at the end. */
  private static void all(Step... steps) throws Exception {
    Exception first = null;
    for (Step step : steps) {
      try {
        step.run();
      } catch (Exception e) {
        first = first == null ? e : first;
      }
    }
    if (first != null) {
      throw first;
    }
  }

  /**
   * Extracts with rounds beside it: the first batches are submitted, looked at and collected while
   * the next ones are written. What fails there is met again when the extract is over.
   */
  Optional<Run> beside(Callable<Optional<Run>> extract) throws Exception {
    beside.start();
    try {
      return extract.call();
    } finally {
      extracted.countDown();
    }
  }

  private void besideExtract() {
    long pause = PAUSE_BESIDE_EXTRACT.toMillis();
    try {
      while (!extracted.await(pause, TimeUnit.MILLISECONDS) && !stop.asked()) {
        once();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      LOG.warn(
          "Work during the extract stopped ({}); it continues after the extract", Reasons.of(e));
    }
  }

  /** Rounds until the run has ended, waits for a person, or the time is over. */
  void untilEnded(long runId, @Nullable Instant until) throws Exception {
    while (true) {
      // the last round beside the extract may still be gathering, which one thread does
      boolean alone = !beside.isAlive();
      if (alone) {
        once();
      } else {
        send();
      }
      Run run = ledger.runs.get(runId);
      boolean over = until != null && !clock.instant().isBefore(until);
      if (run.state() == RunState.ENDED
          || over
          || (alone && waitsForPerson(run))
          || stop.await(PAUSE.toMillis())) {
        beside.join();
        return;
      }
    }
  }

  /** Waits for the round that is under way beside the extract. */
  @Override
  public void close() throws InterruptedException {
    extracted.countDown();
    beside.join();
  }

  /** Paused, with nothing at the API that could still be collected. */
  private boolean waitsForPerson(Run run) {
    boolean paused = ledger.jobs.pause(run.job()).isPresent();
    boolean running =
        ledger.batches.ofRun(run.id()).stream()
            .anyMatch(
                b ->
                    switch (b.state()) {
                      case SUBMITTING, IN_PROGRESS, CANCELING, DOUBT -> true;
                      default -> false;
                    });
    boolean heldOnly =
        ledger.batches.ofRun(run.id()).stream()
            .anyMatch(b -> b.state() == dev.caravan.batch.BatchState.HELD);
    return !running && (paused || heldOnly);
  }
}
