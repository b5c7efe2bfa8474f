package dev.caravan.collect;

import dev.caravan.api.ApiResponse;
import dev.caravan.api.ApiUnreachable;
import dev.caravan.api.BatchesApi;
import dev.caravan.batch.Batch;
import dev.caravan.ledger.Batches;
import dev.caravan.spool.Spool;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.apache.camel.Body;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes collected batches at the API where a setting asks for it: only what the ledger knows as
 * ours, and only once its results are on disk. A candidate in doubt is never deleted.
 */
public final class Deletion {
  private static final Logger LOG = LoggerFactory.getLogger(Deletion.class);
  private static final Duration AGAIN = Duration.ofHours(1);

  private final Batches batches;
  private final BatchesApi api;
  private final Spool spool;
  private final boolean wanted;
  private final Clock clock;

  public Deletion(Batches batches, BatchesApi api, Spool spool, boolean wanted, Clock clock) {
    this.batches = batches;
    this.api = api;
    this.spool = spool;
    this.wanted = wanted;
    this.clock = clock;
  }

  /** Nonces of the collected batches that the API still has. */
  public List<String> due() {
    return wanted
        ? batches.toDelete(clock.instant()).stream()
            .filter(spool::hasResults)
            .map(Batch::nonce)
            .toList()
        : List.of();
  }

  /** Deletes one; what fails is tried again an hour later. */
  public void delete(@Body String nonce) {
    Batch batch = batches.get(nonce);
    String problem = problem(String.valueOf(batch.msgbatchId()));
    if (problem.isEmpty()) {
      batches.deleted(nonce, clock.instant());
      LOG.info("Batch {} ({}) is deleted at the API", nonce, batch.msgbatchId());
    } else {
      batches.deleteLater(nonce, clock.instant().plus(AGAIN));
      LOG.warn(
          "Batch {} ({}) could not be deleted at the API and is tried again: {}",
          nonce,
          batch.msgbatchId(),
          problem);
    }
  }

  private String problem(String msgbatchId) {
    try {
      ApiResponse answer = api.delete(msgbatchId);
      // 404: somebody deleted it before, or it is older than 29 days
      return answer.ok() || answer.status() == 404 ? "" : answer.errorText();
    } catch (ApiUnreachable e) {
      return String.valueOf(e.getMessage());
    }
  }
}
