package dev.caravan.batch;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A Message Batch as the API shows it (GET /v1/messages/batches/{id}). */
public record MessageBatch(
    String id,
    String processingStatus,
    RequestCounts requestCounts,
    Instant createdAt,
    @Nullable Instant expiresAt,
    @Nullable Instant endedAt,
    @Nullable Instant cancelInitiatedAt) {

  public boolean ended() {
    return processingStatus.equals("ended");
  }
}
