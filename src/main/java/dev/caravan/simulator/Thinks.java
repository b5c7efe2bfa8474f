package dev.caravan.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether and how a model thinks before it answers.
 *
 * @param byDefault whether it thinks when nothing is said
 * @param off the thinking.type that stops it where it thinks by default; null: it always thinks
 * @param offUpToHigh whether it can't be stopped at the efforts above high
 * @param efforts those it takes; empty: it refuses the parameter
 * @param effort the one without the parameter
 */
record Thinks(
    boolean byDefault,
    @Nullable String off,
    boolean offUpToHigh,
    List<String> efforts,
    @Nullable String effort) {
  static final List<String> LEVELS = List.of("low", "medium", "high", "xhigh", "max");
  private static final List<Integer> TOKENS = List.of(24, 96, 256, 512, 1024);

  Thinks {
    efforts = Objects.requireNonNullElse(efforts, List.of());
  }

  /** Whether thinking can be switched off by this type. */
  boolean takes(String type) {
    return byDefault ? type.equals(off) : type.equals("disabled");
  }

  /** Tokens of thinking for these parameters, the same for the same ones; 0: it does not think. */
  long tokens(JsonNode params) {
    String type = params.path("thinking").path("type").asText();
    boolean forced = params.path("tool_choice").path("type").asText().matches("any|tool");
    boolean thinks = type.isEmpty() ? byDefault : type.matches("adaptive|enabled");
    if (!thinks || forced) {
      return 0;
    }
    String usual = effort == null ? "high" : effort;
    String asked = params.path("output_config").path("effort").asText(usual);
    int base = TOKENS.get(Math.max(0, LEVELS.indexOf(asked)));
    return base + Math.floorMod(params.path("messages").hashCode(), base);
  }

  /** What the API says of thinking and effort that this model does not take. */
  Optional<String> problem(JsonNode params) {
    JsonNode effortAsked = params.path("output_config").path("effort");
    return effort(effortAsked).or(() -> thinking(params, effortAsked));
  }

  private Optional<String> effort(JsonNode asked) {
    if (asked.isMissingNode() || asked.isNull()) {
      return Optional.empty();
    }
    if (!LEVELS.contains(asked.asText())) {
      return Optional.of(
          "output_config.effort: Input should be 'low', 'medium', 'high', 'xhigh' or 'max'");
    }
    if (efforts.isEmpty()) {
      return Optional.of("This model does not support the effort parameter.");
    }
    return efforts.contains(asked.asText())
        ? Optional.empty()
        : Optional.of(
            "This model does not support effort level '%s'. Supported levels: %s."
                .formatted(asked.asText(), String.join(", ", efforts.stream().sorted().toList())));
  }

  private Optional<String> thinking(JsonNode params, JsonNode effortAsked) {
    JsonNode thinking = params.path("thinking");
    if (thinking.isMissingNode() || thinking.isNull()) {
      return Optional.empty();
    }
    String type = thinking.path("type").asText();
    return switch (type) {
      case "disabled", "between_tools" -> off(type, effortAsked.asText(effort));
      case "adaptive" ->
          efforts.isEmpty() || !byDefault && !efforts.contains("max")
              ? Optional.of("adaptive thinking is not supported on this model")
              : Optional.empty();
      case "enabled" -> budget(thinking, params.path("max_tokens").asLong());
      default ->
          Optional.of(
              "thinking: Input tag '%s' found using 'type' does not match any of the expected tags: 'adaptive', 'between_tools', 'disabled', 'enabled'"
                  .formatted(type));
    };
  }

  private Optional<String> off(String type, @Nullable String asked) {
    if (!takes(type)) {
      String instead = off == null ? "" : " Use \"thinking.type." + off + "\" instead.";
      return Optional.of(
          "\"thinking.type." + type + "\" is not supported for this model." + instead);
    }
    return offUpToHigh && LEVELS.indexOf(asked) > LEVELS.indexOf("high")
        ? Optional.of(
            "output_config.effort '%s' is not supported when thinking is disabled on this model. Use effort 'high' or below, or enable thinking."
                .formatted(asked))
        : Optional.empty();
  }

  private static Optional<String> budget(JsonNode thinking, long maxTokens) {
    long budget = thinking.path("budget_tokens").asLong();
    if (budget < 1024) {
      return Optional.of(
          "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024");
    }
    return budget >= maxTokens
        ? Optional.of("`max_tokens` must be greater than `thinking.budget_tokens`.")
        : Optional.empty();
  }
}
