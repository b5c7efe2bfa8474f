package dev.caravan.collect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.batch.Usage;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Set;

/**
 * Reads {@code usage} of a Message and refuses all of it that could cost something and is not
 * understood (R6).
 */
final class UsageReader {
  /** No model has a window or an answer of as many tokens. */
  private static final long MOST_TOKENS = 10_000_000;

  private static final int MOST_CHARACTERS = 60;
  private static final String WRITTEN = "cache_creation_input_tokens";
  private static final String FIVE_MINUTES = "ephemeral_5m_input_tokens";
  private static final String ONE_HOUR = "ephemeral_1h_input_tokens";

  private static final Set<String> FIELDS =
      Set.of(
          "input_tokens",
          WRITTEN,
          "cache_read_input_tokens",
          "cache_creation",
          "output_tokens",
          "output_tokens_details",
          "service_tier",
          "inference_geo");

  private static final Set<String> WHOLE_WORLD = Set.of("", "global", "not_available");
  private static final BigDecimal US_ONLY = new BigDecimal("1.1");

  private UsageReader() {}

  /** What could not be priced, and why, for people. */
  static final class NotUnderstood extends Exception {
    private static final long serialVersionUID = 1L;

    NotUnderstood(String message) {
      super(message);
    }
  }

  /**
   * The tokens.
   *
   * @throws NotUnderstood when one of the counts can't be one, or they contradict each other
   */
  static Usage tokens(JsonNode usage) throws NotUnderstood {
    if (!usage.isObject()) {
      throw new NotUnderstood("the answer has no usage");
    }
    JsonNode writes = usage.path("cache_creation");
    onlyCosts(writes, Set.of(FIVE_MINUTES, ONE_HOUR), "cache_creation.");
    long fiveMinutes = count(writes, FIVE_MINUTES);
    long oneHour = count(writes, ONE_HOUR);
    long written = count(usage, WRITTEN);
    boolean said = usage.hasNonNull(WRITTEN);
    if (said && written != fiveMinutes + oneHour) {
      throw new NotUnderstood(
          writes.isObject()
              ? "%s is %d, but its parts are %d + %d"
                  .formatted(WRITTEN, written, fiveMinutes, oneHour)
              : "%s is %d, without its parts in cache_creation".formatted(WRITTEN, written));
    }
    long output = required(usage, "output_tokens");
    long thinking = count(usage.path("output_tokens_details"), "thinking_tokens");
    if (thinking > output) {
      throw new NotUnderstood("thinking_tokens is %d of %d output".formatted(thinking, output));
    }
    return new Usage(
        required(usage, "input_tokens"),
        fiveMinutes,
        oneHour,
        count(usage, "cache_read_input_tokens"),
        output,
        thinking);
  }

  /**
   * What the price of the tokens is multiplied by.
   *
   * @throws NotUnderstood when something else may have been billed, or at another price
   */
  static BigDecimal factor(JsonNode usage) throws NotUnderstood {
    String tier = word(usage, "service_tier");
    if (!tier.isEmpty() && !tier.equals("batch")) {
      throw new NotUnderstood("service_tier is " + tier + ", not batch");
    }
    String speed = word(usage, "speed");
    if (!speed.isEmpty() && !speed.equals("standard")) {
      throw new NotUnderstood("speed is " + speed);
    }
    onlyCosts(usage, FIELDS, "");
    String geo = word(usage, "inference_geo");
    if (!WHOLE_WORLD.contains(geo) && !geo.equals("us")) {
      throw new NotUnderstood("inference_geo is " + geo + ", of which no price is known");
    }
    return geo.equals("us") ? US_ONLY : BigDecimal.ONE;
  }

  /** Fields of other names may be there, as long as they say nothing: null, 0, empty. */
  private static void onlyCosts(JsonNode object, Set<String> known, String prefix)
      throws NotUnderstood {
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      boolean speed = prefix.isEmpty() && field.getKey().equals("speed");
      if (!speed && !known.contains(field.getKey()) && says(field.getValue())) {
        throw new NotUnderstood(
            prefix + field.getKey() + " is " + clipped(field.getValue().toString()));
      }
    }
  }

  private static boolean says(JsonNode value) {
    if (value.isContainerNode()) {
      for (JsonNode part : value) {
        if (says(part)) {
          return true;
        }
      }
      return false;
    }
    return value.isNumber()
        ? value.doubleValue() != 0
        : !value.isNull() && !value.asText().isEmpty() && !value.asText().equals("false");
  }

  private static String word(JsonNode usage, String name) throws NotUnderstood {
    JsonNode value = usage.path(name);
    if (!value.isMissingNode() && !value.isNull() && !value.isTextual()) {
      throw new NotUnderstood(name + " is " + clipped(value.toString()));
    }
    return value.isTextual() ? clipped(value.asText()) : "";
  }

  private static long required(JsonNode object, String name) throws NotUnderstood {
    if (!object.hasNonNull(name)) {
      throw new NotUnderstood(name + " is missing");
    }
    return count(object, name);
  }

  /** A count that a tokenizer can give; 0 where it is left out. */
  private static long count(JsonNode object, String name) throws NotUnderstood {
    JsonNode value = object.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return 0;
    }
    boolean tokens =
        value.isIntegralNumber()
            && value.canConvertToLong()
            && value.asLong() >= 0
            && value.asLong() <= MOST_TOKENS;
    if (!tokens) {
      throw new NotUnderstood(name + " is " + clipped(value.toString()));
    }
    return value.asLong();
  }

  private static String clipped(String text) {
    return text.length() > MOST_CHARACTERS ? text.substring(0, MOST_CHARACTERS) + "…" : text;
  }
}
