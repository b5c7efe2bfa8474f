package dev.caravan.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the simulator answers, and what it books for it. */
class AnswersTest {
  private final MovableClock clock = MovableClock.stoppedAt(Instant.parse("2026-11-20T23:00:00Z"));
  private Simulator simulator;
  private SimulatorCall call;

  @BeforeEach
  void start() throws IOException {
    simulator = Simulator.start(SimulatorOptions.defaults().withClock(clock));
    call = new SimulatorCall(simulator);
  }

  @AfterEach
  void stop() throws IOException {
    simulator.close();
  }

  @Test
  void fitsTheSchemaAndEchoesTheAmount() throws IOException {
    JsonNode answer = answer(SimulatorCall.params("An invoice. Total amount: EUR 1,250.50 net"));

    assertThat(answer.path("amount").decimalValue()).isEqualByComparingTo("1250.50");
    assertThat(answer.path("category").asText()).isEqualTo("invoice");
    assertThat(answer.path("needs_approval").asBoolean()).isFalse();
    assertThat(answer.path("note").asText()).contains("An invoice");
  }

  @Test
  void echoesWhatThePromptLabels() throws IOException {
    assertThat(answer(SimulatorCall.params("Amount: 7\nNote: ACME, Paris\n")).path("note").asText())
        .isEqualTo("ACME, Paris");
    assertThat(answer(SimulatorCall.params("{\n \"note\": \"ACME\",\n}")).path("note").asText())
        .isEqualTo("ACME");
  }

  @Test
  void answersTheSamePromptTheSameWay() throws IOException {
    JsonNode first = answer(SimulatorCall.params("no numbers here"));

    assertThat(answer(SimulatorCall.params("no numbers here"))).isEqualTo(first);
    assertThat(answer(SimulatorCall.params("a sum of 20000"))).isNotEqualTo(first);
  }

  @Test
  void answersByTheScriptOfAJobNewestRuleFirst() throws IOException {
    simulator
        .answers("^inv_", "old")
        .answers("^inv_", asked -> asked.prompt().contains("1250.50") ? "paid" : "unpaid")
        .answers(SimulatorCall.parse("[{\"custom_id\":\"^json_\",\"answer\":{\"amount\":1.50}}]"));
    String id = call.created("inv_1", "json_1", "other");
    clock.advance(Duration.ofMinutes(1));

    assertThat(text(call.result(id, "inv_1"))).isEqualTo("paid");
    assertThat(text(call.result(id, "json_1"))).isEqualTo("{\"amount\":1.50}");
    assertThat(SimulatorCall.parse(text(call.result(id, "other"))).has("category")).isTrue();
  }

  @Test
  void truncatesAtMaxTokens() throws IOException {
    JsonNode message = message(SimulatorCall.params("x").put("max_tokens", 5));

    assertThat(message.path("stop_reason").asText()).isEqualTo("max_tokens");
    assertThat(message.at("/usage/output_tokens").asInt()).isEqualTo(5);
  }

  @Test
  void namesTheSnapshotThatAnAliasStandsFor() throws IOException {
    JsonNode message = message(SimulatorCall.params("x").put("model", "claude-haiku-4-5"));

    assertThat(message.path("model").asText()).isEqualTo("claude-haiku-4-5-20251001");
  }

  @Test
  void writesASharedPrefixOnceAndThenReadsItUntilItsTimeIsOver() throws IOException {
    JsonNode first = usage(cached("first"));
    JsonNode second = usage(cached("second"));
    clock.advance(Duration.ofMinutes(61));
    JsonNode third = usage(cached("third"));

    long prefix = first.at("/cache_creation/ephemeral_1h_input_tokens").asLong();
    assertThat(prefix).isEqualTo(1000);
    assertThat(first.path("cache_creation_input_tokens").asLong()).isEqualTo(prefix);
    assertThat(first.path("cache_read_input_tokens").asLong()).isZero();
    assertThat(second.path("cache_read_input_tokens").asLong()).isEqualTo(prefix);
    assertThat(second.path("cache_creation_input_tokens").asLong()).isZero();
    assertThat(third.path("cache_read_input_tokens").asLong()).isZero();
  }

  @Test
  void doesNotCacheAPrefixBelowTheModelsMinimum() throws IOException {
    JsonNode usage = usage(cached("x").put("model", "claude-haiku-4-5"));

    assertThat(usage.path("cache_creation_input_tokens").asLong()).isZero();
    assertThat(usage.path("input_tokens").asLong()).isGreaterThan(1000);
  }

  @Test
  void booksTheTokensOfBatchesByModel() throws IOException {
    String id = call.created("a", "b");
    assertThat(simulator.books().billed()).isEmpty();
    clock.advance(Duration.ofMinutes(1));

    List<JsonNode> lines = call.lines(id);
    Usage billed = simulator.books().billed().getOrDefault("claude-haiku-5-5", Usage.NONE);
    assertThat(billed.output())
        .isPositive()
        .isEqualTo(
            lines.stream()
                .mapToLong(l -> l.at("/result/message/usage/output_tokens").asLong())
                .sum());
    assertThat(billed.input())
        .isEqualTo(
            lines.stream()
                .mapToLong(l -> l.at("/result/message/usage/input_tokens").asLong())
                .sum());
    assertThat(lines.get(0).at("/result/message/usage/service_tier").asText()).isEqualTo("batch");
  }

  private static ObjectNode cached(String prompt) {
    ObjectNode params = SimulatorCall.params(prompt);
    ObjectNode system =
        params.putArray("system").addObject().put("type", "text").put("text", "s".repeat(4000));
    system.putObject("cache_control").put("type", "ephemeral").put("ttl", "1h");
    return params;
  }

  private JsonNode usage(ObjectNode params) throws IOException {
    return message(params).path("usage");
  }

  private JsonNode message(ObjectNode params) throws IOException {
    return SimulatorCall.json(call.post("/v1/messages", params.toString()));
  }

  private JsonNode answer(ObjectNode params) throws IOException {
    return SimulatorCall.parse(message(params).at("/content/0/text").asText());
  }

  private static String text(JsonNode result) {
    return result.at("/message/content/0/text").asText();
  }
}
