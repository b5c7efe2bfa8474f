package dev.caravan.collect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.batch.AccountStop;
import dev.caravan.batch.Batch;
import dev.caravan.batch.Outcome;
import dev.caravan.batch.Outcome.Completed;
import dev.caravan.batch.Outcome.Rejected;
import dev.caravan.batch.Outcome.Retry;
import dev.caravan.batch.Request;
import dev.caravan.batch.Result;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

/** What a result means for its request: the table of outcomes, and nothing else. */
public final class Judge {
  private static final Set<String> PERMANENT = Set.of("invalid_request_error", "request_too_large");
  private static final Set<String> CONFIGURATION =
      Set.of("authentication_error", "permission_error", "billing_error", "not_found_error");

  private final Answers answers;
  private final int maxAttempts;

  /** {@code maxAttempts} is how often a record is sent at most, whatever the causes. */
  public Judge(Answers answers, int maxAttempts) {
    this.answers = answers;
    this.maxAttempts = maxAttempts;
  }

  /** The outcome of a result; {@code mostTokens} is how far max_tokens may be raised. */
  Outcome judge(Batch batch, Request request, Result result, int mostTokens) {
    return limited(request, meaning(batch, request, result, mostTokens));
  }

  /** The outcome of a request that no line of a complete file answers. */
  Outcome noLine(Request request) {
    return limited(request, Retry.now("no_result", "the results have no line for this request"));
  }

  private Outcome limited(Request request, Outcome outcome) {
    return outcome instanceof Retry retry && request.attempt() >= maxAttempts
        ? new Rejected(retry.cause(), retry.detail() + " (attempt " + request.attempt() + ")")
        : outcome;
  }

  private Outcome meaning(Batch batch, Request request, Result result, int mostTokens) {
    if (result instanceof Result.Succeeded succeeded) {
      JsonNode message = succeeded.message();
      return stopped(request, message, mostTokens, () -> answered(request, message));
    }
    if (result instanceof Result.TooLong answer) {
      return stopped(request, answer.message(), mostTokens, () -> tooLong(answer.bytes()));
    }
    if (result instanceof Result.Errored errored) {
      return errored(errored);
    }
    if (result instanceof Result.Expired) {
      return Retry.now("expired", "the batch expired before this request was processed");
    }
    if (result instanceof Result.Canceled) {
      return canceled(batch);
    }
    return Retry.now("unknown_result", "a result of an unknown kind: " + result);
  }

  /** A message by its stop_reason; {@code whole} when the model said all it had to say. */
  private static Outcome stopped(
      Request request, JsonNode message, int mostTokens, Supplier<Outcome> whole) {
    String reason = message.path("stop_reason").asText("");
    return switch (reason) {
      case "end_turn", "stop_sequence" -> whole.get();
      case "max_tokens" -> truncated(request, message, mostTokens);
      case "refusal" -> new Rejected("refusal", refusal(message.path("stop_details")));
      default ->
          new Rejected(
              reason.isEmpty() ? "no_stop_reason" : reason,
              "the answer stopped with '" + reason + "'");
    };
  }

  private Outcome answered(Request request, JsonNode message) {
    try {
      return new Completed(
          answers.read(message, Objects.requireNonNullElse(request.schemaHash(), "")));
    } catch (Answers.Misfit e) {
      String detail = String.valueOf(e.getMessage());
      return "invalid_output".equals(request.previousCause())
          ? new Rejected("invalid_output", detail)
          : Retry.now("invalid_output", detail);
    }
  }

  private static Outcome tooLong(int bytes) {
    String what =
        bytes > ResultLines.LONGEST
            ? " bytes, and more than 10 MB are never read: it stays in the spool. Ask for less"
                + " (max_tokens, prompt.md), then ./caravan retry --send-again, which pays again"
            : " bytes, more than a 48th of the memory. With more of it"
                + " (CARAVAN_JAVA_OPTS=-Xmx1g) ./caravan retry loads it at no cost";
    return new Rejected("too_long", "the line of the answer has " + bytes + what);
  }

  private static Outcome truncated(Request request, JsonNode message, int mostTokens) {
    boolean thinking = Answers.endsBeforeText(message);
    String detail =
        thinking
            ? "all of max_tokens " + request.maxTokens() + " was used before the answer began"
            : "the answer needs more than max_tokens " + request.maxTokens();
    Outcome again =
        thinking ? Retry.now("truncated_thinking", detail) : Retry.now("truncated", detail);
    return request.maxTokens() >= mostTokens && again instanceof Retry retry
        ? new Rejected(retry.cause(), detail + ", and no more is allowed")
        : again;
  }

  private static String refusal(JsonNode details) {
    String category = details.path("category").asText("");
    String explanation = details.path("explanation").asText("");
    return ("the model refuses to answer " + category + " " + explanation).strip();
  }

  private static Outcome errored(Result.Errored error) {
    boolean stop = AccountStop.is(error.code(), error.message());
    if (stop || CONFIGURATION.contains(error.type())) {
      String limit = stop ? "spend_limit" : error.type();
      return new Retry(error.code().isEmpty() ? limit : error.code(), error.message(), false, true);
    }
    if (PERMANENT.contains(error.type())) {
      return new Rejected(error.type(), error.message());
    }
    return new Retry(error.type(), error.message(), true, false);
  }

  private static Outcome canceled(Batch batch) {
    String cause = Objects.requireNonNullElse(batch.cancelCause(), "person");
    return switch (cause) {
      case "deadline" ->
          Retry.now("canceled_late", "canceled by the deadline before it was processed");
      case "drop" -> new Rejected("canceled", "canceled and dropped by a person");
      default -> new Retry("canceled", "canceled by a person", false, true);
    };
  }
}
