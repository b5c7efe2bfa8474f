package dev.caravan.batch;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A result line with its outcome, usage and cost, ready to be written to the ledger in one
 * statement. {@code usage} is null where nothing was billed or the tokens are not understood, the
 * costs (USD) where {@code unpriced} says why; offset and length are bytes in the results file, -1
 * where there was no line.
 */
public record Decision(
    Request request,
    Outcome outcome,
    @Nullable String model,
    @Nullable Usage usage,
    @Nullable BigDecimal costUsd,
    @Nullable BigDecimal realTimeUsd,
    @Nullable String unpriced,
    long offset,
    int length,
    @Nullable Instant notBefore) {

  /** The same line, with another outcome that is final. */
  public Decision as(Outcome last) {
    return new Decision(
        request, last, model, usage, costUsd, realTimeUsd, unpriced, offset, length, null);
  }

  /** An outcome that no result line brought. */
  public static Decision withoutResult(
      Request request, Outcome outcome, @Nullable Instant notBefore) {
    return new Decision(request, outcome, null, null, null, null, null, -1, 0, notBefore);
  }
}
