package dev.caravan.batch;

import org.jspecify.annotations.Nullable;

/** The newest request of a record that extract meets again. */
public record Known(
    String keyHash,
    String rowHash,
    long runId,
    int pass,
    int submission,
    @Nullable String outcome) {

  /** The same, of a row with this hash. */
  public Known withRowHash(String hash) {
    return new Known(keyHash, hash, runId, pass, submission, outcome);
  }

  /** Whether the record is still being worked on: open, or waiting to be sent again. */
  public boolean open() {
    return outcome == null || outcome.equals("retry");
  }
}
