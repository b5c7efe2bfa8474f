package dev.caravan.submit;

import dev.caravan.batch.Batch;
import dev.caravan.ledger.Batches;
import dev.caravan.ledger.Ledger;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The API's queue limit: requests that may wait there at a time, per organization, of all jobs
 * together (API page "Rate limits", items in the processing queue). What does not fit stays ready.
 */
final class Quota {
  private final Ledger ledger;
  private final Batches batches;
  private final int limit;
  private final Clock clock;

  Quota(Ledger ledger, Batches batches, int limit, Clock clock) {
    this.ledger = ledger;
    this.batches = batches;
    this.limit = limit;
    this.clock = clock;
  }

  /** The oldest of these that fit together; no younger one overtakes the first that does not. */
  List<Batch> fitting(List<Batch> ready) {
    long waiting = batches.requestsAtApi(clock.instant());
    List<Batch> fitting = new ArrayList<>();
    for (Batch batch : ready) {
      if (!fits(waiting, batch)) {
        batches.waitsForRoom(
            batch.nonce(),
            "%,d requests wait at the API and submit.queue-limit is %,d; it is posted when there is room"
                .formatted(waiting, limit));
        break;
      }
      fitting.add(batch);
      waiting += batch.requests();
    }
    return fitting;
  }

  /**
   * Commits the intent to post if the batch is still ready and there is still room; nodes that post
   * at once take turns.
   */
  boolean intend(Batch batch, Instant postBeganAt) {
    return ledger.inTransaction(
        () -> {
          ledger.takeTurn();
          return fits(batches.requestsAtApi(clock.instant()), batch)
              && batches.intend(batch, postBeganAt);
        });
  }

  /** A batch larger than the whole limit goes alone. */
  private boolean fits(long waiting, Batch batch) {
    return waiting == 0 || waiting + batch.requests() <= limit;
  }
}
