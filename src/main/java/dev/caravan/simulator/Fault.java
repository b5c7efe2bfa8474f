package dev.caravan.simulator;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One thing that goes wrong: with a call, with an accepted batch, or with the line of one request.
 * The JSON form is the record's components in snake_case and {@code "fault"}, the name below.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "fault")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Fault.Refuse.class, name = "refuse"),
  @JsonSubTypes.Type(value = Fault.CutBefore.class, name = "cut_before"),
  @JsonSubTypes.Type(value = Fault.CutAfter.class, name = "cut_after"),
  @JsonSubTypes.Type(value = Fault.CutBody.class, name = "cut_body"),
  @JsonSubTypes.Type(value = Fault.CutAnswer.class, name = "cut_answer"),
  @JsonSubTypes.Type(value = Fault.Hang.class, name = "hang"),
  @JsonSubTypes.Type(value = Fault.WebPage.class, name = "web_page"),
  @JsonSubTypes.Type(value = Fault.AcceptLate.class, name = "accept_late"),
  @JsonSubTypes.Type(value = Fault.Slow.class, name = "slow"),
  @JsonSubTypes.Type(value = Fault.NeverEnds.class, name = "never_ends"),
  @JsonSubTypes.Type(value = Fault.Overdue.class, name = "overdue"),
  @JsonSubTypes.Type(value = Fault.PartialCancel.class, name = "partial_cancel"),
  @JsonSubTypes.Type(value = Fault.WrongCounts.class, name = "wrong_counts"),
  @JsonSubTypes.Type(value = Fault.CutResults.class, name = "cut_results"),
  @JsonSubTypes.Type(value = Fault.Lines.class, name = "lines"),
  @JsonSubTypes.Type(value = Fault.Hidden.class, name = "hidden"),
  @JsonSubTypes.Type(value = Fault.ResultsHidden.class, name = "results_hidden"),
  @JsonSubTypes.Type(value = Fault.ResultsElsewhere.class, name = "results_elsewhere"),
  @JsonSubTypes.Type(value = Fault.Refusal.class, name = "refusal"),
  @JsonSubTypes.Type(value = Fault.Truncated.class, name = "truncated"),
  @JsonSubTypes.Type(value = Fault.InvalidOutput.class, name = "invalid_output"),
  @JsonSubTypes.Type(value = Fault.StopReason.class, name = "stop_reason"),
  @JsonSubTypes.Type(value = Fault.Errored.class, name = "errored"),
  @JsonSubTypes.Type(value = Fault.Expired.class, name = "expired"),
  @JsonSubTypes.Type(value = Fault.Canceled.class, name = "canceled"),
  @JsonSubTypes.Type(value = Fault.Thinking.class, name = "thinking"),
  @JsonSubTypes.Type(value = Fault.OddUsage.class, name = "odd_usage"),
  @JsonSubTypes.Type(value = Fault.Empty.class, name = "empty")
})
public sealed interface Fault {

  /** Hits the next calls of one endpoint. */
  sealed interface OfCall extends Fault {
    Endpoint at();
  }

  /** Hits the next accepted batches, chosen when they are created; several may hit one batch. */
  sealed interface OfBatch extends Fault {}

  /** Hits requests whose custom_id contains a match of a regular expression. */
  sealed interface OfLine extends Fault {
    Pattern customId();
  }

  /**
   * The call is answered with an error.
   *
   * @param type error type; null: the usual one of {@code status}
   * @param message null: the usual one
   * @param errorCode {@code error.details.error_code}, if any
   * @param retryAfter seconds of the header {@code retry-after}, if any
   * @param accepted true: the call took effect all the same
   */
  record Refuse(
      Endpoint at,
      int status,
      @Nullable String type,
      @Nullable String message,
      @Nullable String errorCode,
      @Nullable Integer retryAfter,
      boolean accepted)
      implements OfCall {
    public Refuse {
      required(at, "at");
      if (status < 400 || status > 599) {
        throw new IllegalArgumentException("status must be 400…599, not " + status);
      }
    }

    ApiError error() {
      return new ApiError(status, type, message, errorCode, retryAfter);
    }
  }

  /** The body is read, nothing is done, the connection is cut. */
  record CutBefore(Endpoint at) implements OfCall {
    public CutBefore {
      required(at, "at");
    }
  }

  /** The call takes effect, the connection is cut instead of an answer. */
  record CutAfter(Endpoint at) implements OfCall {
    public CutAfter {
      required(at, "at");
    }
  }

  /** The connection is cut when {@code bytes} of the body were read; nothing is done. */
  record CutBody(Endpoint at, int bytes) implements OfCall {
    public CutBody {
      required(at, "at");
    }
  }

  /**
   * The call takes effect; its answer breaks off after {@code bytes} of the body.
   *
   * @param reset true: the connection is reset (RST) instead of closed
   */
  record CutAnswer(Endpoint at, int bytes, boolean reset) implements OfCall {
    public CutAnswer {
      required(at, "at");
    }
  }

  /** The call takes effect and is not answered; the connection is cut after {@code lasting}. */
  record Hang(Endpoint at, Duration lasting) implements OfCall {
    public Hang {
      required(at, "at");
      required(lasting, "lasting");
    }
  }

  /** A proxy answers with a web page and 200 instead; nothing is done. */
  record WebPage(Endpoint at) implements OfCall {
    public WebPage {
      required(at, "at");
    }
  }

  /** A create whose connection is cut; the batch comes into being only after {@code delay}. */
  record AcceptLate(Duration delay) implements OfCall {
    public AcceptLate {
      required(delay, "delay");
    }

    @Override
    public Endpoint at() {
      return Endpoint.CREATE;
    }
  }

  /** The batch ends after {@code processing}, or expires if that is longer than 24 h. */
  record Slow(Duration processing) implements OfBatch {
    public Slow {
      required(processing, "processing");
    }
  }

  /** The batch runs into its expiry; {@code finished} (0…1) of its requests were done by then. */
  record NeverEnds(double finished) implements OfBatch {}

  /** The batch runs {@code lasting} beyond its expiry, and its requests are expired then. */
  record Overdue(Duration lasting) implements OfBatch {
    public Overdue {
      required(lasting, "lasting");
    }
  }

  /** The request_counts of the ended batch name {@code more} succeeded ones than there are. */
  record WrongCounts(int more) implements OfBatch {}

  /** When canceled, {@code finished} (0…1) of the requests are done, the rest is canceled. */
  record PartialCancel(double finished) implements OfBatch {}

  /**
   * The results break off.
   *
   * @param lines complete lines sent before the cut; null: counted in bytes
   * @param bytes bytes sent before the cut; null: counted in lines
   * @param downloads how many downloads break off; 0: one
   */
  record CutResults(@Nullable Integer lines, @Nullable Long bytes, int downloads)
      implements OfBatch {}

  /**
   * Wrong lines among the results; each number counts lines.
   *
   * @param repeated sent twice
   * @param foreign of a custom_id that nobody sent
   * @param missing left out, though counted by request_counts
   * @param notUtf8 with a byte that no UTF-8 text has
   * @param unparsable broken off in the middle of the JSON
   */
  record Lines(int repeated, int foreign, int missing, int notUtf8, int unparsable)
      implements OfBatch {}

  /** The batch is 404 for {@code lasting} after its creation (but stands in the list). */
  record Hidden(Duration lasting) implements OfBatch {
    public Hidden {
      required(lasting, "lasting");
    }
  }

  /** The first {@code downloads} calls for results of the ended batch are 404. */
  record ResultsHidden(int downloads) implements OfBatch {}

  /** {@code results_url} names another host, such as {@code http://other.example}. */
  record ResultsElsewhere(String host) implements OfBatch {
    public ResultsElsewhere {
      required(host, "host");
    }
  }

  /** Succeeded with stop_reason refusal and no content. */
  record Refusal(Pattern customId, @Nullable String category) implements OfLine {
    public Refusal {
      required(customId, "custom_id");
    }
  }

  /** Succeeded with stop_reason max_tokens and half the text. */
  record Truncated(Pattern customId) implements OfLine {
    public Truncated {
      required(customId, "custom_id");
    }
  }

  /** How an answer misses its schema. */
  enum Miss {
    PROSE,
    WRONG_TYPE,
    EXTRA_FIELD,
    MISSING_FIELD
  }

  /** Succeeded, but the text does not fit the schema of the request. */
  record InvalidOutput(Pattern customId, Miss miss) implements OfLine {
    public InvalidOutput {
      required(customId, "custom_id");
      required(miss, "miss");
    }
  }

  /** Succeeded with any stop_reason, known or not. */
  record StopReason(Pattern customId, String stopReason) implements OfLine {
    public StopReason {
      required(customId, "custom_id");
      required(stopReason, "stop_reason");
    }
  }

  /** Errored with any error type; message and error_code optional. */
  record Errored(
      Pattern customId, String type, @Nullable String message, @Nullable String errorCode)
      implements OfLine {
    public Errored {
      required(customId, "custom_id");
      required(type, "type");
    }

    ApiError error() {
      return new ApiError(ApiError.statusOf(type), type, message, errorCode, null);
    }
  }

  /** Expired, though the batch ended in time. */
  record Expired(Pattern customId) implements OfLine {
    public Expired {
      required(customId, "custom_id");
    }
  }

  /** Canceled, though nobody canceled the batch. */
  record Canceled(Pattern customId) implements OfLine {
    public Canceled {
      required(customId, "custom_id");
    }
  }

  /** Succeeded, with a thinking block before the text. */
  record Thinking(Pattern customId) implements OfLine {
    public Thinking {
      required(customId, "custom_id");
    }
  }

  /**
   * Succeeded, by another model than the one asked, or with other fields in usage.
   *
   * @param model who says it answered; null: the one that was asked
   * @param usage fields put over those of the usage, null takes a field out; null: none
   */
  record OddUsage(Pattern customId, @Nullable String model, @Nullable JsonNode usage)
      implements OfLine {
    public OddUsage {
      required(customId, "custom_id");
    }

    void over(ObjectNode message) {
      if (model != null) {
        message.put("model", model);
      }
      if (usage != null) {
        usage
            .properties()
            .forEach(
                field -> {
                  ObjectNode said = message.withObject("usage");
                  if (field.getValue().isNull()) {
                    said.remove(field.getKey());
                  } else {
                    said.set(field.getKey(), field.getValue());
                  }
                });
      }
    }
  }

  /** Succeeded with end_turn and no content at all. */
  record Empty(Pattern customId) implements OfLine {
    public Empty {
      required(customId, "custom_id");
    }
  }

  /** An error answer of {@code status} with its usual type and message. */
  static Refuse refuse(Endpoint at, int status) {
    return new Refuse(at, status, null, null, null, null, false);
  }

  /** The same, with the header {@code retry-after} in seconds. */
  static Refuse refuse(Endpoint at, int status, int retryAfter) {
    return new Refuse(at, status, null, null, null, retryAfter, false);
  }

  /** The 429 of a tier's spend cap: an error code and no {@code retry-after}. */
  static Refuse spendCap(Endpoint at) {
    return new Refuse(
        at,
        429,
        null,
        "Your organization has reached its monthly spend limit.",
        "enforced_spend_limit_reached",
        null,
        false);
  }

  /** The 400 of a spend limit that the organization set itself. */
  static Refuse spendLimit(Endpoint at) {
    return new Refuse(
        at,
        400,
        null,
        "You have reached your specified API usage limits. You will regain access on 2026-12-01 at"
            + " 00:00 UTC.",
        null,
        null,
        false);
  }

  // records are also built by Jackson, which passes null for what the JSON lacks
  private static void required(@Nullable Object value, String name) {
    Objects.requireNonNull(value, () -> "the fault lacks '" + name + "'");
  }
}
