package dev.caravan.batch;

/**
 * The API's five counts of a Message Batch; all but processing stay 0 until the batch has ended.
 */
public record RequestCounts(int processing, int succeeded, int errored, int canceled, int expired) {

  /** For people: what is not 0, such as {@code 238 succeeded, 2 errored}. */
  public String text() {
    String text =
        (processing > 0 ? processing + " processing, " : "")
            + (succeeded > 0 ? succeeded + " succeeded, " : "")
            + (errored > 0 ? errored + " errored, " : "")
            + (canceled > 0 ? canceled + " canceled, " : "")
            + (expired > 0 ? expired + " expired, " : "");
    return text.isEmpty() ? "0 requests" : text.substring(0, text.length() - 2);
  }

  public int total() {
    return processing + succeeded + errored + canceled + expired;
  }
}
