package dev.caravan.collect;

import dev.caravan.api.BatchesApi;
import dev.caravan.batch.Batch;
import dev.caravan.batch.Decision;
import dev.caravan.batch.Outcome;
import dev.caravan.batch.Request;
import dev.caravan.batch.Run;
import dev.caravan.ledger.Batches;
import dev.caravan.ledger.Requests;
import dev.caravan.ledger.Runs;
import dev.caravan.ledger.SqlFault;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.apache.camel.util.ObjectHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The two ends of collecting a batch: its results on disk, and every request with an outcome. */
public final class Collector {
  private static final Logger LOG = LoggerFactory.getLogger(Collector.class);
  private static final int MOST_DOWNLOADS = 5;
  private static final Duration DOWNLOADS_WITHIN = Duration.ofMinutes(30);
  private static final Duration AGAIN = Duration.ofMinutes(1);

  private final Batches batches;
  private final Requests requests;
  private final Runs runs;
  private final ResultsFile results;
  private final Judge judge;
  private final RetryTime retryTime;
  private final Missing missing;
  private final Clock clock;

  public Collector(
      Batches batches,
      Requests requests,
      Runs runs,
      ResultsFile results,
      Judge judge,
      RetryTime retryTime,
      Missing missing,
      Clock clock) {
    this.batches = batches;
    this.requests = requests;
    this.runs = runs;
    this.results = results;
    this.judge = judge;
    this.retryTime = retryTime;
    this.missing = missing;
    this.clock = clock;
  }

  /** Nonces of the ended batches to collect now, oldest first. */
  public List<String> ended() {
    return batches.toCollect(clock.instant()).stream().map(Batch::nonce).toList();
  }

  /**
   * Leases an ended batch and has its results on disk. Ends the route when another process collects
   * it, or when the results can't be had now.
   */
  public void begin(@Body String nonce, Exchange exchange) {
    if (!batches.lease(nonce)) {
      exchange.setRouteStop(true);
      return;
    }
    Batch ended = batches.get(nonce);
    if (Batch.RESULTS_MISSING.equals(ended.cause())) {
      results.again(ended, false);
    }
    Optional<ResultsFile.Problem> problem = results.fetch(ended);
    Batch batch = batches.get(nonce);
    if (problem.isPresent()) {
      later(batch, problem.get());
      exchange.setRouteStop(true);
      return;
    }
    exchange.setVariable("batch", batch);
    exchange.setVariable("job", batch.job());
    exchange.setVariable("tally", new Tally());
  }

  private void later(Batch batch, ResultsFile.Problem problem) {
    Duration wait = problem.retryAfter().compareTo(AGAIN) > 0 ? problem.retryAfter() : AGAIN;
    batches.collectLater(batch.nonce(), clock.instant().plus(wait), problem.text());
    LOG.warn(
        "Results of batch {} ({}) could not be had: {}",
        batch.nonce(),
        batch.msgbatchId(),
        problem.text());
  }

  /**
   * Decisions for what no line answered: the file is fetched anew, or the requests are sent again.
   * A request that is open although it had a line keeps that answer for the next collect (R5).
   */
  public List<Decision> unanswered(
      @Variable("batch") Batch batch, @Variable("tally") Tally tally, Exchange exchange) {
    List<Request> open = requests.open(batch.nonce());
    boolean twin = batch.lostAt() != null;
    if (open.isEmpty() && !twin) {
      return List.of();
    }
    Instant now = clock.instant();
    Instant first = Objects.requireNonNullElse(batch.downloadedAt(), now);
    // twice at least: loading may have waited for a person since the first download
    boolean again =
        batch.downloads() < 2
            || (batch.downloads() < MOST_DOWNLOADS
                && Duration.between(first, now).compareTo(DOWNLOADS_WITHIN) < 0);
    if (again && tally.lines() < batch.requests()) {
      LOG.warn(
          "Results of batch {} have {} of {} lines: they are fetched again",
          batch.nonce(),
          tally.lines(),
          batch.requests());
      results.again(batch, tally.lines() == 0);
      batches.collectLater(batch.nonce(), now.plus(AGAIN), "results were incomplete");
      exchange.setRouteStop(true);
      return List.of();
    }
    List<Request> unanswered = open.stream().filter(request -> !tally.has(request.n())).toList();
    if (!unanswered.isEmpty() && missing.holds(batch, tally)) {
      exchange.setRouteStop(true);
      return List.of();
    }
    return unanswered.stream()
        .map(
            request -> {
              Outcome outcome = judge.noLine(request);
              return Decision.withoutResult(
                  request, outcome, retryTime.of(batch, request, outcome));
            })
        .toList();
  }

  /** Every request has its outcome: the batch is collected, and its run may be over. */
  public void finish(@Variable("batch") Batch batch, @Variable("tally") Tally tally) {
    if (!requests.open(batch.nonce()).isEmpty()) {
      batches.collectLater(
          batch.nonce(), clock.instant().plus(AGAIN), "not all outcomes are known");
      return;
    }
    batches.collected(batch.nonce(), clock.instant(), tally.strays());
    LOG.info(
        "Batch {} ({}) of job {} is collected: {}",
        batch.nonce(),
        batch.msgbatchId(),
        batch.job(),
        batch.requestCounts().text());
    for (Run run : runs.endFinished()) {
      LOG.info("Run {} of job {} has ended: every record is final", run.id(), run.job());
    }
  }

  /** Collecting broke off: the batch stays ended and is taken up again. */
  public void failed(Exchange exchange) {
    Batch batch = exchange.getVariable("batch", Batch.class);
    Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    if (batch != null) {
      String reason = failure == null ? "stopped" : reason(failure);
      batches.collectLater(batch.nonce(), clock.instant().plus(AGAIN), reason);
      LOG.warn(
          "Batch {} of job {} stays ended and is collected later: {}",
          batch.nonce(),
          batch.job(),
          reason);
    }
  }

  private static String reason(Throwable failure) {
    return ObjectHelper.getException(SQLException.class, failure) == null
        ? BatchesApi.reason(failure)
        : SqlFault.message(failure);
  }
}
