package dev.caravan.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What makes a line errored, in the API's words. */
class ParamsCheckTest {
  private static final Access TODAY = new Access("w", "2026-10-21", Set.of());
  private static final Access BEFORE = new Access("w", "2023-06-01", Set.of());
  private final ParamsCheck check = new ParamsCheck(Models.known());

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

  @Test
  void allowsLongOutputOnlyWithItsBeta() {
    ObjectNode params = SimulatorCall.params("x").put("max_tokens", 300_000);
    Access beta = new Access("w", "2026-10-21", Set.of("output-300k-2026-03-24"));

    assertThat(check.fault(params, TODAY, true)).isPresent();
    assertThat(check.fault(params, beta, true)).isEmpty();
  }

  @Test
  void findsNoUnknownOrRetiredModel() {
    ObjectNode params = SimulatorCall.params("x").put("model", "claude-3-opus-20240229");

    assertThat(check.fault(params, TODAY, true))
        .hasValueSatisfying(
            error -> {
              assertThat(error.getMessage()).isEqualTo("model: claude-3-opus-20240229");
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
