package dev.caravan.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;

/** A complete answer of the API; header names are lower case. */
public record ApiResponse(int status, Map<String, String> headers, String body) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration DAY = Duration.ofDays(1);

  public boolean ok() {
    return status >= 200 && status < 300;
  }

  /** The body as JSON; a missing node when it is none. */
  public JsonNode json() {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  /** The API's clock ({@code Date}); empty when the header is missing or no date. */
  public Optional<Instant> date() {
    return header("date").flatMap(ApiResponse::instant);
  }

  private static Optional<Instant> instant(String date) {
    try {
      return Optional.of(
          ZonedDateTime.parse(date.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /**
   * How long not to ask again, from zero to a day: {@code retry-after-ms}, else {@code retry-after}
   * in seconds or as a date; empty when neither is there or can be read.
   */
  public Optional<Duration> retryAfter() {
    Optional<Duration> wait =
        header("retry-after-ms")
            .flatMap(ms -> number(ms, 1))
            .or(() -> header("retry-after").flatMap(seconds -> number(seconds, 1000)))
            .or(() -> header("retry-after").flatMap(this::until));
    return wait.map(w -> w.isNegative() ? Duration.ZERO : w.compareTo(DAY) > 0 ? DAY : w);
  }

  private static Optional<Duration> number(String text, int millis) {
    try {
      double value = Double.parseDouble(text.strip()) * millis;
      return Double.isNaN(value)
          ? Optional.empty()
          : Optional.of(Duration.ofMillis((long) Math.min(value, (double) DAY.toMillis())));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private Optional<Duration> until(String date) {
    return instant(date).flatMap(then -> date().map(now -> Duration.between(now, then)));
  }

  public Optional<String> requestId() {
    return header("request-id");
  }

  public Optional<String> workspaceId() {
    return header("anthropic-workspace-id");
  }

  /** {@code error.type}, such as {@code rate_limit_error}; empty text when there is none. */
  public String errorType() {
    return json().path("error").path("type").asText("");
  }

  /** {@code error.details.error_code}, the stable thing to branch on; empty when there is none. */
  public String errorCode() {
    return json().path("error").path("details").path("error_code").asText("");
  }

  /** What the API says is wrong, for people: status, type, message, request-id. */
  public String errorText() {
    JsonNode error = json().path("error");
    String message = error.path("message").asText(body.strip());
    String text =
        "HTTP "
            + status
            + (errorType().isEmpty() ? "" : " " + errorType())
            + (message.isBlank() ? ", without a word" : ": " + clipped(message));
    return requestId().map(id -> text + " (" + id + ")").orElse(text);
  }

  /** The message alone. */
  public String errorMessage() {
    return json().path("error").path("message").asText("");
  }

  private Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name)).filter(value -> !value.isBlank());
  }

  private static String clipped(String text) {
    return text.length() <= 500 ? text : text.substring(0, 500) + "…";
  }
}
