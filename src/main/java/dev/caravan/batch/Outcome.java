package dev.caravan.batch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/** What a result means for its request. */
public sealed interface Outcome {
  /** Causes of records that are rejected although their answer is paid for and kept. */
  Set<String> KEPT = Set.of("load_failed", "not_loaded", "too_long");

  /** The answer may be loaded: it has the shape that its request asked for. */
  record Completed(JsonNode answer) implements Outcome {}

  /** The record is sent again, in the same run; {@code pausesJob} when a person must act first. */
  record Retry(String cause, String detail, boolean backoff, boolean pausesJob) implements Outcome {
    /** Sent again as soon as may be. */
    public static Retry now(String cause, String detail) {
      return new Retry(cause, detail, false, false);
    }
  }

  /** The record is final without an answer in its row. */
  record Rejected(String cause, String detail) implements Outcome {}

  /** As the ledger spells it. */
  default String text() {
    return this instanceof Completed ? "completed" : this instanceof Retry ? "retry" : "rejected";
  }
}
