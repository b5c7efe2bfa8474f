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
import java.time.Clock;
import java.util.Optional;
import java.util.Set;

/** A person's word on a batch in doubt or held: which Message Batch it is, or that it is none. */
public final class Adoption {
  private static final Set<BatchState> UNDECIDED = Set.of(BatchState.DOUBT, BatchState.HELD);

  private final Batches batches;
  private final BatchesApi api;
  private final Settlement settlement;
  private final Clock clock;

  public Adoption(Batches batches, BatchesApi api, Settlement settlement, Clock clock) {
    this.batches = batches;
    this.api = api;
    this.settlement = settlement;
    this.clock = clock;
  }

  /** Carries the word out; why not, or an empty text. {@code none} sends the records anew. */
  public String decide(Batch batch, String msgbatchId) {
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
      batches.accepted(
          batch.nonce(), message.get(), answer.workspaceId().orElse(null), clock.instant());
      return "";
    } catch (ApiUnreachable e) {
      return "The API can't be reached: " + Reasons.of(e) + ".";
    }
  }
}
