package dev.caravan.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What makes a line errored, in the API's words. */
class ParamsCheckTest {
  private static final Access TODAY = new Access("w", "2026-10-21", Set.of());
  private static final Access BEFORE = new Access("w", "2023-06-01", Set.of());
  private static final Instant NOW = Instant.parse("2026-11-20T23:00:00Z");
  private final ParamsCheck check =
      new ParamsCheck(Models.known(), Clock.fixed(NOW, ZoneOffset.UTC));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          messages | null | messages: Field required
          messages | [] | messages: at least one message is required
          messages | [{"role":"user"}] | messages.0.content: Field required
          messages | [{"role":"robot","content":"x"}] | messages.0.role: Input should be 'user', 'assistant' or 'system'
          messages | [{"role":"user","content":"x"},{"role":"assistant","content":"{"}] | This model does not support assistant message prefill. The conversation must end with a user message.
          max_tokens | null | max_tokens: Field required
          max_tokens | 0 | max_tokens: must be greater than or equal to 1
          max_tokens | 9999999 | max_tokens: 9999999 > 128000, which is the maximum allowed number of output tokens for claude-haiku-5-5
          stream | true | "stream=True" is not supported in the Message Batches API
          temperature | 0.5 | temperature: Extra inputs are not permitted
          betas | [] | betas: Extra inputs are not permitted
          thinking | {"type":"enabled","budget_tokens":2000} | "thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.
          messages | [{"role":"user","content":[{"type":"image","source":{"type":"url","url":"https://nowhere.invalid/a.png"}}]}] | Unable to download the file. Please verify the URL and try again.
          tools | [{"name":"t","input_schema":{},"x":1}] | tools.0.custom.x: Extra inputs are not permitted
          thinking | {"type":"off"} | thinking: Input tag 'off' found using 'type' does not match any of the expected tags: 'adaptive', 'between_tools', 'disabled', 'enabled'
          thinking | {"type":"between_tools"} | "thinking.type.between_tools" is not supported for this model. Use "thinking.type.disabled" instead.
          output_config | {"effort":"xhigh"} | output_config.effort 'xhigh' is not supported when thinking is disabled on this model. Use effort 'high' or below, or enable thinking.
          output_config | {"effort":"hard"} | output_config.effort: Input should be 'low', 'medium', 'high', 'xhigh' or 'max'
          output_config | {"format":{"type":"json_schema","schema":{"type":"object"}}} | output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set to false
          output_config | {"format":{"type":"json_schema","schema":{"type":"integer","minimum":1,"maximum":9}}} | output_config.format.schema: For 'integer' type, properties maximum, minimum are not supported
          output_config | {"format":{"type":"json_schema","schema":{"type":"array","items":{"$ref":"#"}}}} | output_config.format.schema: Schema is too complex for compilation.
          """)
  void namesTheFault(String field, String value, String message) {
    ObjectNode params = SimulatorCall.params("x");
    params.set(field, SimulatorCall.parse(value));

    assertThat(check.fault(params, TODAY, true))
        .hasValueSatisfying(
            error -> {
              assertThat(error.getMessage()).isEqualTo(message);
              assertThat(error.error().path("type").asText()).isEqualTo("invalid_request_error");
            });
  }

  @Test
  void passesWhatTheApiTakes() {
    ObjectNode params = SimulatorCall.params("x");

    assertThat(check.fault(params, TODAY, true)).isEmpty();
    assertThat(check.fault(params.put("temperature", 1.0), BEFORE, true)).isEmpty();
    assertThat(check.fault(params.put("temperature", 0.2), BEFORE, true)).isPresent();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          claude-sonnet-5-5 | {"type":"disabled"} | low | "thinking.type.disabled" is not supported for this model. Use "thinking.type.between_tools" instead.
          claude-sonnet-5-5 | {"type":"between_tools"} | max | output_config.effort 'max' is not supported when thinking is disabled on this model. Use effort 'high' or below, or enable thinking.
          claude-opus-5-5 | {"type":"disabled"} | low | "thinking.type.disabled" is not supported for this model.
          claude-mythos-5-2 | {"type":"disabled"} | low | "thinking.type.disabled" is not supported for this model.
          claude-haiku-4-5 | null | low | This model does not support the effort parameter.
          claude-opus-4-6 | null | xhigh | This model does not support effort level 'xhigh'. Supported levels: high, low, max, medium.
          claude-opus-4-5 | {"type":"adaptive"} | low | adaptive thinking is not supported on this model
          claude-sonnet-4-6 | {"type":"enabled","budget_tokens":100} | low | thinking.enabled.budget_tokens: Input should be greater than or equal to 1024
          """)
  void refusesTheThinkingThatAModelDoesNotTake(
      String model, String thinking, String effort, String message) {
    ObjectNode params = SimulatorCall.params("x").put("model", model);
    params.set("thinking", SimulatorCall.parse(thinking));
    params.withObject("output_config").put("effort", effort);

    assertThat(check.fault(params, TODAY, true))
        .hasValueSatisfying(error -> assertThat(error.getMessage()).isEqualTo(message));
  }

  @ParameterizedTest
  @CsvSource({
    "claude-haiku-5-5, disabled, high",
    "claude-haiku-5-5, adaptive, max",
    "claude-sonnet-5-5, between_tools, low",
    "claude-opus-5, disabled, high",
    "claude-sonnet-5, disabled, max",
    "claude-opus-5-5, adaptive, xhigh",
    "claude-opus-4-8, adaptive, xhigh",
    "claude-opus-4-8, disabled, low",
    "claude-opus-4-5, disabled, low"
  })
  void takesTheThinkingThatAModelKnows(String model, String type, String effort) {
    ObjectNode params = SimulatorCall.params("x").put("model", model);
    params.putObject("thinking").put("type", type);
    params.withObject("output_config").put("effort", effort);

    assertThat(check.fault(params, TODAY, true)).isEmpty();
  }

  @Test
  void allowsLongOutputOnlyWithItsBeta() {
    ObjectNode params = SimulatorCall.params("x").put("max_tokens", 300_000);
    Access beta = new Access("w", "2026-10-21", Set.of("output-300k-2026-03-24"));

    assertThat(check.fault(params, TODAY, true)).isPresent();
    assertThat(check.fault(params, beta, true)).isEmpty();
  }

  @Test
  void refusesAPromptLongerThanTheWindowAndTooManyCacheMarks() {
    ObjectNode tooLong =
        SimulatorCall.params("x".repeat(800_001)).put("model", "claude-haiku-4-5-20251001");
    assertThat(check.fault(tooLong, TODAY, true))
        .hasValueSatisfying(
            error ->
                assertThat(error.getMessage())
                    .isEqualTo("prompt is too long: 200009 tokens > 200000 maximum"));

    ObjectNode marked = SimulatorCall.params("x");
    for (int i = 0; i < 5; i++) {
      ObjectNode block =
          marked.withArray("system").addObject().put("type", "text").put("text", "t");
      block.putObject("cache_control").put("type", "ephemeral");
    }
    assertThat(check.fault(marked, TODAY, true))
        .hasValueSatisfying(
            error ->
                assertThat(error.getMessage())
                    .isEqualTo(
                        "A maximum of 4 blocks with cache_control may be provided. Found 5."));
  }

  @ParameterizedTest
  @ValueSource(strings = {"claude-3-opus-20240229", "claude-opus-4-1-20250805"})
  void findsNoUnknownOrRetiredModel(String model) {
    ObjectNode params = SimulatorCall.params("x").put("model", model);

    assertThat(check.fault(params, TODAY, true))
        .hasValueSatisfying(
            error -> {
              assertThat(error.getMessage()).isEqualTo("model: " + model);
              assertThat(error.error().path("type").asText()).isEqualTo("not_found_error");
            });
  }

  @Test
  void refusesAForcedToolWhereTheModelDoes() {
    ObjectNode params = SimulatorCall.params("x").put("model", "claude-opus-5-5");
    params.putObject("tool_choice").put("type", "any");

    assertThat(check.fault(params, TODAY, true))
        .hasValueSatisfying(
            error ->
                assertThat(error.getMessage())
                    .isEqualTo(
                        "tool_choice: type \"tool\" and \"any\" are not supported for this"
                            + " model."));
  }
}
