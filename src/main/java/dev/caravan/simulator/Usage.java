package dev.caravan.simulator;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Tokens of one answer, or of many together.
 *
 * @param input tokens neither written to nor read from the cache
 * @param write5m tokens written to the cache for five minutes
 * @param write1h tokens written to the cache for an hour
 * @param read tokens read from the cache
 * @param output tokens of the answer
 * @param thinking those of them that were thinking
 */
public record Usage(
    @JsonProperty("input_tokens") long input,
    @JsonProperty("cache_write_5m") long write5m,
    @JsonProperty("cache_write_1h") long write1h,
    @JsonProperty("cache_read") long read,
    @JsonProperty("output_tokens") long output,
    @JsonProperty("thinking_tokens") long thinking) {
  static final Usage NONE = new Usage(0, 0, 0, 0, 0, 0);

  Usage plus(Usage other) {
    return new Usage(
        input + other.input,
        write5m + other.write5m,
        write1h + other.write1h,
        read + other.read,
        output + other.output,
        thinking + other.thinking);
  }

  Usage withOutput(long tokens, long ofThem) {
    return new Usage(input, write5m, write1h, read, tokens, ofThem);
  }

  /** The {@code usage} object of a Message. */
  ObjectNode json(String serviceTier, String inferenceGeo) {
    ObjectNode usage =
        Json.object()
            .put("input_tokens", input)
            .put("cache_creation_input_tokens", write5m + write1h)
            .put("cache_read_input_tokens", read);
    usage
        .putObject("cache_creation")
        .put("ephemeral_5m_input_tokens", write5m)
        .put("ephemeral_1h_input_tokens", write1h);
    usage.put("output_tokens", output);
    usage.putObject("output_tokens_details").put("thinking_tokens", thinking);
    return usage
        .putNull("server_tool_use")
        .put("service_tier", serviceTier)
        .put("inference_geo", inferenceGeo);
  }
}
