package dev.caravan.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The check of Messages parameters: at once for POST /v1/messages, when a batch is processed for
 * its requests, whose lines it makes errored.
 */
final class ParamsCheck {
  private static final Set<String> SAMPLING = Set.of("temperature", "top_p", "top_k");
  private static final Set<String> FIELDS =
      Set.of(
          "model",
          "messages",
          "max_tokens",
          "system",
          "metadata",
          "stop_sequences",
          "stream",
          "thinking",
          "tools",
          "tool_choice",
          "service_tier",
          "output_config",
          "cache_control",
          "container",
          "inference_geo",
          "context_management",
          "mcp_servers",
          "speed",
          "fallbacks",
          "fallback_credit_token",
          "user_profile_id");
  private static final String LONG_OUTPUT = "output-300k-2026-03-24";
  private static final int LONGEST_OUTPUT = 300_000;

  private final Models models;
  private final Clock clock;

  ParamsCheck(Models models, Clock clock) {
    this.models = models;
    this.clock = clock;
  }

  /** The model of parameters that passed; its absence would have been a fault. */
  Models.Model model(JsonNode params) {
    String id = params.path("model").asText();
    return models.alive(id, clock.instant()).orElseThrow(() -> ApiError.notFound("model: " + id));
  }

  /** The first fault, for a batch's request ({@code inBatch}) or a call of its own. */
  Optional<ApiError> fault(JsonNode params, Access access, boolean inBatch) {
    return fields(params, access.version())
        .or(() -> inBatch ? notInBatches(params) : notStreamed(params))
        .or(() -> required(params))
        .map(ApiError::invalid)
        .or(() -> unknownModel(params))
        .or(() -> ofModel(params, access).map(ApiError::invalid))
        .or(() -> ContentCheck.problem(params, access.version()).map(ApiError::invalid))
        .or(() -> schema(params).map(ApiError::invalid));
  }

  private static Optional<String> fields(JsonNode params, String version) {
    for (Iterator<String> names = params.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      boolean gone = SAMPLING.contains(name) && Access.isNew(version);
      if (gone || !(FIELDS.contains(name) || SAMPLING.contains(name))) {
        return Optional.of(name + ": Extra inputs are not permitted");
      }
    }
    return Optional.empty();
  }

  private static Optional<String> notInBatches(JsonNode params) {
    if (params.path("stream").asBoolean()) {
      return Optional.of("\"stream=True\" is not supported in the Message Batches API");
    }
    return List.of("speed", "fallbacks").stream()
        .filter(params::has)
        .findFirst()
        .map(name -> "\"" + name + "\" is not supported in the Message Batches API");
  }

  private static Optional<String> notStreamed(JsonNode params) {
    return params.path("stream").asBoolean()
        ? Optional.of("stream: the simulator answers whole messages only")
        : Optional.empty();
  }

  private static Optional<String> required(JsonNode params) {
    for (String name : List.of("model", "messages", "max_tokens")) {
      if (!params.hasNonNull(name)) {
        return Optional.of(name + ": Field required");
      }
    }
    if (!params.get("messages").isArray()) {
      return Optional.of("messages: Input should be a valid list");
    }
    if (params.get("messages").isEmpty()) {
      return Optional.of("messages: at least one message is required");
    }
    if (!params.get("max_tokens").isIntegralNumber()) {
      return Optional.of("max_tokens: Input should be a valid integer");
    }
    return params.get("max_tokens").asLong() < 1
        ? Optional.of("max_tokens: must be greater than or equal to 1")
        : Optional.empty();
  }

  private Optional<ApiError> unknownModel(JsonNode params) {
    String id = params.get("model").asText();
    return models.alive(id, clock.instant()).isPresent()
        ? Optional.empty()
        : Optional.of(ApiError.notFound("model: " + id));
  }

  private Optional<String> ofModel(JsonNode params, Access access) {
    Models.Model model = model(params);
    long asked = params.get("max_tokens").asLong();
    boolean longer = model.longOutput() && access.betas().contains(LONG_OUTPUT);
    int most = longer ? LONGEST_OUTPUT : model.output();
    if (asked > most) {
      return Optional.of(
          "max_tokens: %d > %d, which is the maximum allowed number of output tokens for %s"
              .formatted(asked, most, params.get("model").asText()));
    }
    long input = TokenMeter.input(params);
    if (input > model.context()) {
      return Optional.of(
          "prompt is too long: %d tokens > %d maximum".formatted(input, model.context()));
    }
    if (model.noForcedTool()
        && Set.of("any", "tool").contains(params.path("tool_choice").path("type").asText())) {
      return Optional.of(
          "tool_choice: type \"tool\" and \"any\" are not supported for this model.");
    }
    JsonNode messages = params.get("messages");
    boolean prefilled =
        messages.path(messages.size() - 1).path("role").asText().equals("assistant");
    if (prefilled && !model.prefill()) {
      return Optional.of(
          "This model does not support assistant message prefill. The conversation must end with a"
              + " user message.");
    }
    return (model.samplingGone() ? goneWithModel(params) : Optional.<String>empty())
        .or(() -> model.thinks().problem(params));
  }

  private static Optional<String> goneWithModel(JsonNode params) {
    if (params.path("thinking").path("type").asText().equals("enabled")) {
      return Optional.of(
          "\"thinking.type.enabled\" is not supported for this model. Use"
              + " \"thinking.type.adaptive\" and \"output_config.effort\" to control thinking"
              + " behavior.");
    }
    return SAMPLING.stream()
        .sorted()
        .filter(name -> params.has(name) && params.get(name).asDouble() != 1.0)
        .findFirst()
        .map(name -> "`" + name + "` is deprecated for this model.");
  }

  private static Optional<String> schema(JsonNode params) {
    JsonNode format = params.path("output_config").path("format");
    if (format.isMissingNode() || format.isNull()) {
      return Optional.empty();
    }
    if (!format.path("schema").isObject()) {
      return Optional.of("output_config.format.schema: Field required");
    }
    return SchemaSubset.problem(format.get("schema"))
        .map(problem -> "output_config.format.schema: " + problem);
  }
}
