package dev.caravan.batch;

/**
 * The API's five counts of a Message Batch; all but processing stay 0 until the batch has ended.
 */
public record RequestCounts(int processing, int succeeded, int errored, int canceled, int expired) {

  public int total() {
    return processing + succeeded + errored + canceled + expired;
  }
}
