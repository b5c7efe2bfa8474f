package dev.caravan.simulator;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Map;

/**
 * How a batch came out: its results file, its counts, and what it would have cost: tokens by model,
 * and USD.
 */
record Settlement(
    Path results,
    int succeeded,
    int errored,
    int canceled,
    int expired,
    Map<String, Usage> billed,
    BigDecimal usd) {

  /** What of it shows when a share (0…1) of the requests is done. */
  Counts counts(int requests, double share) {
    int succeeded = (int) (this.succeeded * share);
    int errored = (int) (this.errored * share);
    int canceled = (int) (this.canceled * share);
    int expired = (int) (this.expired * share);
    return new Counts(
        requests - succeeded - errored - canceled - expired, succeeded, errored, canceled, expired);
  }
}
