package dev.caravan.batch;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * A request as the ledger knows it. Offsets and lengths are bytes in the batch's spool files;
 * {@code previousCause} is why the submission before this one had to be repeated.
 */
public record Request(
    String nonce,
    int n,
    long runId,
    String job,
    String recordKey,
    String keyHash,
    String rowHash,
    String rowValues,
    int submission,
    int attempt,
    String customId,
    @Nullable String outcome,
    @Nullable String cause,
    @Nullable String detail,
    boolean superseded,
    @Nullable String model,
    int maxTokens,
    @Nullable String schemaHash,
    @Nullable String promptVersion,
    @Nullable Long spoolOffset,
    int spoolLength,
    @Nullable Long resultOffset,
    int resultLength,
    @Nullable Long thinkingTokens,
    @Nullable BigDecimal costUsd,
    @Nullable String unpriced,
    @Nullable String previousCause) {

  /** What {@code open_key} holds while a request of this record is open. */
  public static String openKey(String job, String keyHash) {
    return job + ":" + keyHash;
  }
}
