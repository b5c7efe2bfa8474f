package dev.caravan.submit;

import dev.caravan.api.ApiResponse;
import dev.caravan.api.ApiUnreachable;
import dev.caravan.api.BatchesApi;
import dev.caravan.api.MessageBatches;
import dev.caravan.api.NotConnected;
import dev.caravan.batch.AccountStop;
import dev.caravan.batch.MessageBatch;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.util.ObjectHelper;
import org.jspecify.annotations.Nullable;

/**
 * What the answer to a create POST proves. Only a complete 4xx with a request-id (but 408, 409,
 * 425, 499), a 413, or a connection that was never established proves that nothing was accepted;
 * anything else is doubt.
 */
public sealed interface CreateAnswer {

  /** 200 with a Message Batch. */
  record Accepted(MessageBatch message, @Nullable String workspace) implements CreateAnswer {}

  /** Not now: the same batch may be posted again {@code retryAfter} (null: after the backoff). */
  record NotNow(String cause, String detail, @Nullable Duration retryAfter)
      implements CreateAnswer {}

  /** A person must fix a setting or an account first: the job is paused. */
  record Stop(String cause, String detail) implements CreateAnswer {}

  /** One request is at fault, by its place in the body. */
  record BadRequest(int index, String detail) implements CreateAnswer {}

  /** The body is too large for whatever stands before the API. */
  record TooLarge(String detail) implements CreateAnswer {}

  /** Refused for a reason that sending again would not change. */
  record Held(String detail) implements CreateAnswer {}

  /** Whether the batch was accepted is not known; not to be asked again for {@code retryAfter}. */
  record Doubt(String detail, @Nullable Duration retryAfter) implements CreateAnswer {}

  Pattern BAD_REQUEST = Pattern.compile("requests\\.(\\d{1,9})\\b");

  /**
   * Given by whatever stands before the API when it has lost patience, or the way of the answer.
   */
  Set<Integer> NO_PROOF = Set.of(408, 409, 425, 499);

  /** Reads the exchange that went through the create route. */
  static CreateAnswer of(Exchange exchange, @Nullable Exception failure) {
    if (failure != null) {
      return failed(failure);
    }
    try {
      return of(BatchesApi.response(exchange));
    } catch (ApiUnreachable e) {
      return failed(e);
    }
  }

  private static CreateAnswer failed(Exception failure) {
    if (ObjectHelper.getException(NotConnected.class, failure) != null) {
      return new NotNow("unreachable", BatchesApi.reason(failure), null);
    }
    return new Doubt("the answer to the create POST was lost: " + BatchesApi.reason(failure), null);
  }

  /** What a complete answer proves. */
  static CreateAnswer of(ApiResponse answer) {
    if (answer.status() == 200) {
      Optional<MessageBatch> message = MessageBatches.of(answer.json());
      return message.isPresent()
          ? new Accepted(message.get(), answer.workspaceId().orElse(null))
          : new Doubt("HTTP 200 without a Message Batch in it", null);
    }
    if (answer.status() == 413) {
      return new TooLarge(answer.errorText());
    }
    boolean proof =
        answer.status() >= 400
            && answer.status() < 500
            && !NO_PROOF.contains(answer.status())
            && answer.requestId().isPresent();
    return proof
        ? refused(answer)
        : new Doubt(answer.errorText(), answer.retryAfter().orElse(null));
  }

  private static CreateAnswer refused(ApiResponse answer) {
    String text = answer.errorText();
    if (AccountStop.is(answer.errorCode(), answer.errorMessage())) {
      return new Stop(answer.errorCode().isEmpty() ? "spend_limit" : answer.errorCode(), text);
    }
    return switch (answer.status()) {
      case 401, 402, 403 -> new Stop(answer.errorType(), text);
      case 429 -> new NotNow("rate_limit_error", text, answer.retryAfter().orElse(null));
      case 400 -> badRequest(answer, text);
      default -> new Held(text);
    };
  }

  private static CreateAnswer badRequest(ApiResponse answer, String text) {
    Matcher place = BAD_REQUEST.matcher(answer.errorMessage());
    return place.find() ? new BadRequest(Integer.parseInt(place.group(1)), text) : new Held(text);
  }
}
