package dev.caravan.batch;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * The newest request of a record that extract meets again; {@code kept} when its answer is paid for
 * and only failed to load.
 */
public record Known(
    String keyHash,
    String rowHash,
    long runId,
    int pass,
    int submission,
    @Nullable String outcome,
    boolean kept,
    @Nullable BigDecimal costUsd) {

  /** The same, of a row with this hash. */
  public Known withRowHash(String hash) {
    return new Known(keyHash, hash, runId, pass, submission, outcome, kept, costUsd);
  }

  /** Whether the record is still being worked on: open, or waiting to be sent again. */
  public boolean open() {
    return outcome == null || outcome.equals("retry");
  }
}
