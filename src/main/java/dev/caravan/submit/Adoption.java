package dev.caravan.submit;

import dev.caravan.api.ApiResponse;
import dev.caravan.api.ApiUnreachable;
import dev.caravan.api.BatchesApi;
import dev.caravan.api.MessageBatches;
import dev.caravan.batch.Batch;
import dev.caravan.batch.BatchState;
import dev.caravan.batch.MessageBatch;
import dev.caravan.batch.Reasons;
import dev.caravan.ledger.Batches;
import dev.caravan.ledger.Candidates;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * A person's word on a batch in doubt or held: which Message Batch it is, or that it is none; and
 * on one that has ended and whose answers nobody can have any more.
 */
public final class Adoption {
  private static final Set<BatchState> UNDECIDED = Set.of(BatchState.DOUBT, BatchState.HELD);

  private final Batches batches;
  private final Candidates candidates;
  private final BatchesApi api;
  private final Settlement settlement;
  private final Clock clock;

  /** How long results may be unknown after the end (reported of the API, as of its batches). */
  private static final Duration RESULTS_GRACE = Duration.ofMinutes(10);

  public Adoption(
      Batches batches, Candidates candidates, BatchesApi api, Settlement settlement, Clock clock) {
    this.batches = batches;
    this.candidates = candidates;
    this.api = api;
    this.settlement = settlement;
    this.clock = clock;
  }

  /** Whether a word on this batch is about answers that are paid, not about a POST. */
  public static boolean isPaid(Batch batch) {
    return batch.msgbatchId() != null
        && (batch.state() == BatchState.ENDED || batch.state() == BatchState.HELD);
  }

  /** Carries the word out; why not, or an empty text. {@code none} sends the records anew. */
  public String decide(Batch batch, String msgbatchId) {
    if (isPaid(batch) && msgbatchId.equals("none")) {
      return giveUp(batch, false);
    }
    if (!UNDECIDED.contains(batch.state())) {
      return "Batch "
          + batch.nonce()
          + " is "
          + batch.state().text()
          + ", there is nothing to decide.";
    }
    if (msgbatchId.equals("none")) {
      settlement.none(batch);
      return "";
    }
    return adopt(batch, msgbatchId);
  }

  /**
   * The answers of a batch that has ended can't be had for good: its records are sent anew, or
   * dropped. Why not, or an empty text.
   */
  public String giveUp(Batch batch, boolean drop) {
    try {
      ApiResponse answer = api.results(String.valueOf(batch.msgbatchId()), body -> {});
      boolean strange = Batch.RESULTS_MISSING.equals(batch.cause());
      if (answer.status() == 404 && endedJustNow(batch)) {
        return "The results of %s are not there yet, as can be minutes after a batch has ended."
            .formatted(batch.msgbatchId());
      }
      if (answer.status() == 404 || (answer.ok() && strange)) {
        settlement.answersLost(batch, drop);
        return "";
      }
      return answer.ok()
          ? "The API has the results of %s: ./caravan collect %s loads them."
              .formatted(batch.msgbatchId(), batch.job())
          : "Whether the results of %s are gone for good is not known: %s."
              .formatted(batch.msgbatchId(), answer.errorText());
    } catch (ApiUnreachable e) {
      return "The API can't be reached: " + e.getMessage() + ".";
    }
  }

  private boolean endedJustNow(Batch batch) {
    Instant ended = batch.endedAt();
    return ended == null || clock.instant().isBefore(ended.plus(RESULTS_GRACE));
  }

  private String adopt(Batch batch, String msgbatchId) {
    Optional<Batch> other = batches.byMessageBatch(msgbatchId);
    if (other.isPresent() && !other.get().nonce().equals(batch.nonce())) {
      return msgbatchId + " is batch " + other.get().nonce() + " already.";
    }
    try {
      ApiResponse answer = api.retrieve(msgbatchId);
      Optional<MessageBatch> message =
          answer.ok() ? MessageBatches.of(answer.json()) : Optional.empty();
      if (message.isEmpty()) {
        return msgbatchId + " can't be read: " + answer.errorText() + ".";
      }
      int total = message.get().requestCounts().total();
      if (total != batch.requests()) {
        return msgbatchId
            + " has "
            + total
            + " requests, batch "
            + batch.nonce()
            + " has "
            + batch.requests()
            + ": it can't be the same.";
      }
      if (msgbatchId.equals(batch.msgbatchId())) {
        batches.accepted(
            batch.nonce(), message.get(), answer.workspaceId().orElse(null), clock.instant());
      } else {
        // a person may be wrong: its results must carry our nonce before anything is taken from it
        candidates.followAgain(batch.nonce(), msgbatchId, clock.instant());
        batches.held().adopted(batch, msgbatchId, clock.instant());
      }
      return "";
    } catch (ApiUnreachable e) {
      return "The API can't be reached: " + Reasons.of(e) + ".";
    }
  }
}
