package dev.caravan.submit;

import dev.caravan.api.ApiResponse;
import dev.caravan.api.ApiUnreachable;
import dev.caravan.api.BatchBody;
import dev.caravan.api.BatchesApi;
import dev.caravan.batch.Batch;
import dev.caravan.ledger.Batches;
import dev.caravan.spool.Spool;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One POST per ready batch: the intent is committed before it, what its answer proves after it.
 * Nothing between the two retries, and nothing abandons a POST that may still be running.
 */
public final class Submission {
  private static final Logger LOG = LoggerFactory.getLogger(Submission.class);
  private static final Duration SAME_COUNT_WAIT = Duration.ofMinutes(1);

  private final Batches batches;
  private final BatchesApi api;
  private final Settlement settlement;
  private final Spool spool;
  private final Clock clock;

  public Submission(
      Batches batches, BatchesApi api, Settlement settlement, Spool spool, Clock clock) {
    this.batches = batches;
    this.api = api;
    this.settlement = settlement;
    this.spool = spool;
    this.clock = clock;
  }

  /** Nonces of the batches to post now, oldest first. */
  public List<String> ready() {
    return batches.toSubmit(clock.instant()).stream().map(Batch::nonce).toList();
  }

  /**
   * Commits the intent to post a batch; the body becomes the POST's. Ends the route when the batch
   * is no longer ready, or the API does not answer a GET, which costs nothing, just before it.
   */
  public void intend(@Body String nonce, Exchange exchange) throws IOException {
    Batch batch = batches.get(nonce);
    try {
      ApiResponse before = api.list("limit=1");
      if (!before.ok()) {
        settlement.notPosted(batch, CreateAnswer.of(before));
        exchange.setRouteStop(true);
        return;
      }
      Instant postBeganAt = before.date().orElseGet(clock::instant);
      if (!batches.intend(batch, postBeganAt)) {
        batches.backToReady(
            nonce,
            clock.instant().plus(SAME_COUNT_WAIT),
            "same_count",
            "another batch of " + batch.requests() + " requests is in doubt or being posted");
        exchange.setRouteStop(true);
        return;
      }
      exchange.setVariable("batch", batch);
      exchange.setVariable("postBeganAt", postBeganAt);
      exchange.setVariable("startedAt", clock.instant());
      exchange.getMessage().setBody(new BatchBody(spool.requests(batch)));
      LOG.info("Batch {} of job {}: posting {} requests", nonce, batch.job(), batch.requests());
    } catch (ApiUnreachable e) {
      settlement.notPosted(
          batch, new CreateAnswer.NotNow("unreachable", String.valueOf(e.getMessage()), null));
      exchange.setRouteStop(true);
    }
  }

  /** Commits what the answer to the POST proves. */
  public void settle(
      Exchange exchange,
      @Variable("batch") Batch batch,
      @Variable("postBeganAt") Instant postBeganAt,
      @Variable("startedAt") Instant startedAt) {
    Exception failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
    CreateAnswer answer = CreateAnswer.of(exchange, failure);
    if (answer instanceof CreateAnswer.Accepted accepted) {
      settlement.accepted(batch, accepted);
    } else if (answer instanceof CreateAnswer.Doubt doubt) {
      Duration took = Duration.between(startedAt, clock.instant());
      settlement.doubt(batch, postBeganAt.plus(took), doubt.detail());
    } else {
      settlement.refused(batch, answer);
    }
    exchange.getMessage().setBody(null);
  }
}
