package dev.caravan.batch;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One result as the API gives it ({@code result.type} of a results line); unknown types are legal.
 */
public sealed interface Result {

  /** The model answered; whether the answer is of use, its stop_reason and schema decide. */
  record Succeeded(JsonNode message) implements Result {}

  /** The model answered with more than is read into memory: the message has no content here. */
  record TooLong(JsonNode message, int bytes) implements Result {}

  /** The request failed; type, code and message are nested twice in the line. */
  record Errored(String type, String code, String message) implements Result {}

  /** The batch was canceled before this request was processed. */
  record Canceled() implements Result {}

  /** The batch expired before this request was processed. */
  record Expired() implements Result {}

  /** A type that did not exist when this was written. */
  record Unknown(String type) implements Result {}

  /** Reads {@code result} of a line. */
  static Result of(JsonNode result) {
    String type = result.path("type").asText("");
    return switch (type) {
      case "succeeded" -> new Succeeded(result.path("message"));
      case "errored" -> errored(result.path("error").path("error"));
      case "canceled" -> new Canceled();
      case "expired" -> new Expired();
      default -> new Unknown(type);
    };
  }

  /** The same, read of a line of so many bytes without the content of its message. */
  static Result outlined(JsonNode result, int bytes) {
    Result whole = of(result);
    return whole instanceof Succeeded succeeded ? new TooLong(succeeded.message(), bytes) : whole;
  }

  private static Errored errored(JsonNode error) {
    return new Errored(
        error.path("type").asText("unknown_error"),
        error.path("details").path("error_code").asText(""),
        error.path("message").asText(""));
  }
}
