package dev.caravan.simulator;

/** The five request_counts of a batch; their sum is the number of its requests. */
public record Counts(int processing, int succeeded, int errored, int canceled, int expired) {
  /** A wrong sum, as a fault wants it. */
  Counts plus(int more) {
    return new Counts(processing, succeeded + more, errored, canceled, expired);
  }
}
