package dev.caravan.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A refusal in the API's own words: HTTP status, error type, message, and what else it carries. */
final class ApiError extends RuntimeException {
  private static final long serialVersionUID = 1;
  private static final Map<Integer, String> TYPES =
      Map.ofEntries(
          Map.entry(401, "authentication_error"),
          Map.entry(402, "billing_error"),
          Map.entry(403, "permission_error"),
          Map.entry(404, "not_found_error"),
          Map.entry(409, "conflict_error"),
          Map.entry(413, "request_too_large"),
          Map.entry(429, "rate_limit_error"),
          Map.entry(504, "timeout_error"),
          Map.entry(529, "overloaded_error"));
  private static final Map<Integer, String> MESSAGES =
      Map.of(
          401, "API key is invalid.",
          402, "Your credit balance is too low to access the Anthropic API.",
          403, "Your API key does not have permission to use the specified resource.",
          413, "Request exceeds the maximum size",
          429, "This request would exceed your organization's rate limit.",
          500, "Internal server error",
          503, "Service unavailable",
          529, "Overloaded");

  private final int status;
  private final String type;
  private final String text;
  private final @Nullable String errorCode;
  private final @Nullable Integer retryAfter;

  ApiError(
      int status,
      @Nullable String type,
      @Nullable String message,
      @Nullable String errorCode,
      @Nullable Integer retryAfter) {
    this.status = status;
    this.type = type == null ? typeOf(status) : type;
    this.text = message == null ? messageOf(status) : message;
    this.errorCode = errorCode;
    this.retryAfter = retryAfter;
  }

  static ApiError invalid(String message) {
    return new ApiError(400, null, message, null, null);
  }

  static ApiError notFound(String message) {
    return new ApiError(404, null, message, null, null);
  }

  static ApiError of(int status) {
    return new ApiError(status, null, null, null, null);
  }

  /** The status that the API answers with for an error of {@code type} outside a batch. */
  static int statusOf(String type) {
    return TYPES.entrySet().stream()
        .filter(entry -> entry.getValue().equals(type))
        .mapToInt(Map.Entry::getKey)
        .findFirst()
        .orElse(type.equals("api_error") ? 500 : 400);
  }

  int status() {
    return status;
  }

  @Nullable Integer retryAfter() {
    return retryAfter;
  }

  @Override
  public String getMessage() {
    return text;
  }

  /** The inner {@code {"type","message","details"}} of answers and of errored lines. */
  ObjectNode error() {
    ObjectNode error = Json.object().put("type", type).put("message", text);
    if (errorCode != null) {
      error.putObject("details").put("error_code", errorCode);
    }
    return error;
  }

  /** The whole body; a 413 has neither outer type nor request id, as it comes from the edge. */
  ObjectNode body(String requestId) {
    ObjectNode body = Json.object();
    if (status == 413) {
      body.set("error", error());
      return body;
    }
    body.put("type", "error").set("error", error());
    return body.put("request_id", requestId);
  }

  private static String typeOf(int status) {
    String known = TYPES.get(status);
    return known != null ? known : status >= 500 ? "api_error" : "invalid_request_error";
  }

  private static String messageOf(int status) {
    String known = MESSAGES.get(status);
    return known != null ? known : status >= 500 ? "Internal server error" : "Invalid request";
  }
}
