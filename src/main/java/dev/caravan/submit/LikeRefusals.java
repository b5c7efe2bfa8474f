package dev.caravan.submit;

import dev.caravan.batch.Batch;
import dev.caravan.ledger.Batches;

/** Counts how often in a row the API named one request after the other for a like fault. */
final class LikeRefusals {
  /** After so many the fault is probably not that of a single record. */
  static final int MOST = 3;

  private final Batches batches;

  LikeRefusals(Batches batches) {
    this.batches = batches;
  }

  /** This refusal of a batch included. */
  int count(Batch batch, String detail) {
    String like = skeleton(detail);
    boolean before =
        batches.refusals(batch.runId()).stream().anyMatch(other -> skeleton(other).equals(like));
    return before ? batch.unaccepted().alike() + 1 : 1;
  }

  /** What the API says, without what differs from request to request. */
  private static String skeleton(String detail) {
    return detail.replaceAll("\\(req[^)]*\\)", "").replaceAll("\\d+", "#");
  }
}
