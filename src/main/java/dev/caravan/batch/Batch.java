package dev.caravan.batch;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A batch as the ledger knows it. Times are null until they have happened. */
public record Batch(
    String nonce,
    long runId,
    String job,
    @Nullable String msgbatchId,
    BatchState state,
    @Nullable String cause,
    @Nullable String detail,
    int requests,
    long bytes,
    String spool,
    @Nullable String workspaceId,
    @Nullable Instant postBeganAt,
    @Nullable Instant doubtBeganAt,
    int doubtLooks,
    @Nullable Instant createdAt,
    @Nullable Instant expiresAt,
    @Nullable Instant endedAt,
    @Nullable Instant collectedAt,
    @Nullable Instant alertedAt,
    @Nullable Instant lostAt,
    @Nullable Instant missingSince,
    @Nullable Instant nextLookAt,
    int looks,
    int downloads,
    @Nullable Instant downloadedAt,
    @Nullable String cancelCause,
    RequestCounts requestCounts,
    Unaccepted unaccepted,
    @Nullable Instant lookedAt) {

  /** Cause of a doubt in which a person named a candidate, whose id is the detail. */
  public static final String ADOPTED = "adopted";

  /** Cause of a hold: it has ended, and results that the API counts can't be had. */
  public static final String RESULTS_MISSING = "results_missing";

  /** Cause of a hold: the candidate that a person named was another application's. */
  public static final String NOT_OURS = "not_ours";
}
