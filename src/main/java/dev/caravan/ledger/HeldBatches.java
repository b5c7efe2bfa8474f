package dev.caravan.ledger;

import static dev.caravan.batch.BatchState.CANCELING;
import static dev.caravan.batch.BatchState.COLLECTED;
import static dev.caravan.batch.BatchState.DOUBT;
import static dev.caravan.batch.BatchState.ENDED;
import static dev.caravan.batch.BatchState.HELD;
import static dev.caravan.batch.BatchState.IN_PROGRESS;
import static dev.caravan.batch.BatchState.SUBMITTING;

import dev.caravan.batch.Batch;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Batches that wait for a person, or for what only the API has: how they come and go. */
public final class HeldBatches {
  private final BatchRows rows;

  HeldBatches(BatchRows rows) {
    this.rows = rows;
  }

  /** A person must decide; until then it keeps no other batch of its size waiting. */
  public boolean held(String nonce, String cause, @Nullable String detail) {
    return rows.change(nonce, List.of(DOUBT), hold(cause, detail));
  }

  /** The same for one that the API has accepted: it is looked at again, without a person. */
  public boolean held(String nonce, String cause, @Nullable String detail, Instant next) {
    return rows.change(
        nonce,
        List.of(IN_PROGRESS, CANCELING, ENDED),
        hold(cause, detail).set("next_look_at", Utc.of(next)));
  }

  private static Change hold(String cause, @Nullable String detail) {
    return Change.to(HELD)
        .set("cause", cause)
        .set("detail", detail)
        .set("doubt_count", null)
        .unleased();
  }

  /** A person says which batch it is; that one's results decide whether it is so. */
  public boolean adopted(Batch batch, String msgbatchId, Instant now) {
    Instant began = Objects.requireNonNullElse(batch.doubtBeganAt(), now);
    return rows.change(
        batch.nonce(),
        List.of(DOUBT, HELD),
        Change.to(DOUBT)
            .set("cause", Batch.ADOPTED)
            .set("detail", msgbatchId)
            .set("doubt_began_at", Utc.of(began))
            .set("next_look_at", Utc.of(now)));
  }

  /** The id of this batch belongs to another one; what it may still be, a person must say. */
  public void notOurs(String nonce, String detail) {
    rows.change(
        nonce,
        List.of(IN_PROGRESS, CANCELING, ENDED, HELD),
        hold(Batch.NOT_OURS, detail).set("msgbatch_id", null).set("next_look_at", null));
    rows.change(nonce, List.of(COLLECTED), new Change().set("msgbatch_id", null));
  }

  /** Refused with proof, for a reason that sending again would not change: a person must decide. */
  public boolean heldRefused(String nonce, @Nullable String detail) {
    return rows.change(
        nonce,
        List.of(SUBMITTING),
        Change.to(HELD)
            .set("cause", "refused")
            .set("detail", detail)
            .set("doubt_count", null)
            .unleased());
  }

  /** A held batch is there after all: it is one like any other again. */
  public boolean unheld(Batch batch) {
    return rows.change(
        batch.nonce(),
        List.of(HELD),
        Change.to(IN_PROGRESS)
            // tells the collector that the results on disk are not all
            .set("cause", Batch.RESULTS_MISSING.equals(batch.cause()) ? batch.cause() : null)
            .set("detail", null));
  }

  /** The next look at a held batch that the API has accepted. */
  public void lookAgain(String nonce, Instant next) {
    rows.change(nonce, List.of(HELD), new Change().set("next_look_at", Utc.of(next)));
  }

  /** A person gives up the answers of a batch that has ended: its requests are closed. */
  public boolean givenUp(String nonce, Instant now, String detail) {
    return rows.change(
        nonce,
        List.of(ENDED, HELD),
        Change.to(COLLECTED)
            .set("collected_at", Utc.of(now))
            .set("cause", "answers_lost")
            .set("detail", detail)
            .set("next_look_at", null)
            .unleased());
  }
}
