package dev.caravan.submit;

import dev.caravan.api.ApiResponse;
import dev.caravan.api.ApiUnreachable;
import dev.caravan.api.BatchBody;
import dev.caravan.api.BatchesApi;
import dev.caravan.batch.Batch;
import dev.caravan.batch.BatchState;
import dev.caravan.batch.Reasons;
import dev.caravan.ledger.Batches;
import dev.caravan.ledger.Ledger;
import dev.caravan.settings.Settings;
import dev.caravan.spool.Spool;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DuplicateKeyException;

/**
 * One POST per ready batch: the intent is committed before it, what its answer proves after it.
 * Nothing between the two retries, and nothing abandons a POST that may still be running.
 */
public final class Submission {
  private static final Logger LOG = LoggerFactory.getLogger(Submission.class);
  private static final String RATE_LIMIT = "rate_limit_error";
  private static final Duration SAME_COUNT_WAIT = Duration.ofMinutes(1);

  private final Batches batches;
  private final BatchesApi api;
  private final Settlement settlement;
  private final Quota quota;
  private final Spool spool;
  private final Settings settings;
  private final Clock clock;
  // after a 429 for one batch, the others would only earn more of them
  private volatile Instant notBefore = Instant.MIN;
  private final Queue<Posted> unsettled = new ConcurrentLinkedQueue<>();
  private final Queue<String> notPosted = new ConcurrentLinkedQueue<>();

  /** A POST whose answer is known to this process; {@code doubtBeganAt} is in the API's time. */
  private record Posted(Batch batch, Instant doubtBeganAt, CreateAnswer answer) {}

  public Submission(
      Ledger ledger,
      Batches batches,
      BatchesApi api,
      Settlement settlement,
      Spool spool,
      Settings settings,
      Clock clock) {
    this.batches = batches;
    this.api = api;
    this.settlement = settlement;
    this.quota = new Quota(ledger, batches, settings.submit().queueLimit(), clock);
    this.settings = settings;
    this.spool = spool;
    this.clock = clock;
  }

  /** Nonces of the batches to post now, oldest first. */
  public List<String> ready() {
    settleAgain();
    settlement.watch();
    if (rateLimited()) {
      return List.of();
    }
    return quota.fitting(batches.toSubmit(clock.instant())).stream().map(Batch::nonce).toList();
  }

  /**
   * Commits the intent to post a batch; the body becomes the POST's. Ends the route when the batch
   * is no longer ready, or the API does not answer a GET, which costs nothing, just before it.
   */
  public void intend(@Body String nonce, Exchange exchange) throws IOException {
    Batch batch = batches.get(nonce);
    if (rateLimited() || settlement.answeredByTwin(batch)) {
      exchange.setRouteStop(true);
      return;
    }
    try {
      ApiResponse before = api.list("limit=1");
      if (!before.ok()) {
        CreateAnswer why = CreateAnswer.of(before);
        settlement.notPosted(batch, why);
        waitWhenLimited(why);
        exchange.setRouteStop(true);
        return;
      }
      Instant postBeganAt = before.date().orElseGet(clock::instant);
      BatchBody body = body(batch);
      if (!intended(batch, postBeganAt)) {
        exchange.setRouteStop(true);
        return;
      }
      exchange.setVariable("batch", batch);
      exchange.setVariable("postBeganAt", postBeganAt);
      exchange.setVariable("startedAt", clock.instant());
      exchange.setVariable("startedNanos", System.nanoTime());
      exchange.getMessage().setBody(body);
      LOG.info("Batch {} of job {}: posting {} requests", nonce, batch.job(), batch.requests());
    } catch (ApiUnreachable e) {
      settlement.notPosted(batch, new CreateAnswer.NotNow("unreachable", Reasons.of(e), null));
      exchange.setRouteStop(true);
    } catch (IOException e) {
      unreadable(batch, e);
      exchange.setRouteStop(true);
    }
  }

  /** A file that is gone from a spool that is here will not come back. */
  private void unreadable(Batch batch, IOException why) {
    if (why instanceof NoSuchFileException && !spool.isAway()) {
      settlement.unreadable(batch, "its spool file is gone or was changed: " + Reasons.of(why));
    } else {
      settlement.notPosted(
          batch, new CreateAnswer.NotNow("spool", "it can't be read: " + Reasons.of(why), null));
    }
  }

  /** What somebody has cut or added to must not be posted. */
  private BatchBody body(Batch batch) throws IOException {
    BatchBody body = new BatchBody(spool.requests(batch));
    if (body.getContentLength() != batch.bytes()) {
      throw new NoSuchFileException(
          spool.requests(batch).toString(),
          null,
          "%d bytes to post, %d were written".formatted(body.getContentLength(), batch.bytes()));
    }
    return body;
  }

  private boolean rateLimited() {
    return clock.instant().isBefore(notBefore);
  }

  private void waitWhenLimited(CreateAnswer answer) {
    if (answer instanceof CreateAnswer.NotNow limited && limited.cause().equals(RATE_LIMIT)) {
      Duration wait = limited.retryAfter();
      notBefore = clock.instant().plus(wait == null ? settings.retry().first() : wait);
    }
  }

  private boolean intended(Batch batch, Instant postBeganAt) {
    try {
      return quota.intend(batch, postBeganAt);
    } catch (DuplicateKeyException sameCount) {
      batches.backToReady(
          batch,
          BatchState.READY,
          batch.unaccepted(),
          clock.instant().plus(SAME_COUNT_WAIT),
          "same_count",
          "another batch of " + batch.requests() + " requests is in doubt or being posted");
      return false;
    } catch (RuntimeException maybeCommitted) {
      notPosted.add(batch.nonce());
      throw maybeCommitted;
    }
  }

  /** Commits what the answer to the POST proves. */
  public void settle(
      Exchange exchange,
      @Variable("batch") Batch batch,
      @Variable("postBeganAt") Instant postBeganAt,
      @Variable("startedAt") Instant startedAt) {
    Exception failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
    Duration took = took(startedAt, exchange.getVariable("startedNanos", Long.class));
    Posted posted = new Posted(batch, postBeganAt.plus(took), CreateAnswer.of(exchange, failure));
    try {
      settle(posted);
    } catch (RuntimeException e) {
      // the lease of a living process never ends, so nobody else would settle it
      unsettled.add(posted);
      throw e;
    }
    exchange.getMessage().setBody(null);
  }

  /** A clock that was set back meanwhile must not end the doubt before it began. */
  private Duration took(Instant startedAt, long startedNanos) {
    Duration byClock = Duration.between(startedAt, clock.instant());
    Duration atLeast = Duration.ofNanos(System.nanoTime() - startedNanos);
    return byClock.compareTo(atLeast) < 0 ? atLeast : byClock;
  }

  private void settleAgain() {
    for (String nonce = notPosted.peek(); nonce != null; nonce = notPosted.peek()) {
      batches.notPosted(nonce, clock.instant());
      notPosted.remove(nonce);
    }
    for (Posted posted = unsettled.peek(); posted != null; posted = unsettled.peek()) {
      settle(posted);
      unsettled.remove(posted);
    }
  }

  private void settle(Posted posted) {
    Batch batch = posted.batch();
    CreateAnswer answer = posted.answer();
    if (answer instanceof CreateAnswer.Accepted accepted) {
      settlement.accepted(batch, accepted);
    } else if (answer instanceof CreateAnswer.Doubt doubt) {
      settlement.doubt(batch, posted.doubtBeganAt(), doubt.detail());
    } else {
      settlement.refused(batch, answer);
      waitWhenLimited(answer);
    }
  }
}
