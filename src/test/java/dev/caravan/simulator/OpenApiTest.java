package dev.caravan.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.testing.OpenApi;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every body that the simulator sends fits the schema of the official OpenAPI document. */
class OpenApiTest {
  private final OpenApi openApi = new OpenApi();
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
  void batchesFitInEveryState() throws IOException {
    simulator.faults(new Fault.Slow(Duration.ofHours(2)));
    String canceled = call.created("a", "b");
    fits("MessageBatch", call.batch(canceled));
    fits(
        "MessageBatch",
        SimulatorCall.json(call.post(SimulatorCall.BATCHES + "/" + canceled + "/cancel", "{}")));
    String ended = call.created("a", "b");
    clock.advance(Duration.ofHours(1));
    fits("MessageBatch", call.batch(ended));
    fits("ListResponse_MessageBatch_", SimulatorCall.json(call.get(SimulatorCall.BATCHES)));
    fits(
        "DeleteMessageBatchResponse",
        SimulatorCall.json(call.send(call.to(SimulatorCall.BATCHES + "/" + ended).DELETE())));
    clock.advance(Duration.ofDays(30));
    fits("MessageBatch", call.batch(canceled));
  }

  @Test
  void resultLinesOfEveryKindFit() throws IOException {
    simulator.faults(
        new Fault.Refusal(Pattern.compile("^a$"), null),
        new Fault.Errored(Pattern.compile("^b$"), "overloaded_error", null, null),
        new Fault.Expired(Pattern.compile("^c$")),
        new Fault.Canceled(Pattern.compile("^d$")),
        new Fault.Thinking(Pattern.compile("^e$")));
    String id = call.created("a", "b", "c", "d", "e", "f");
    clock.advance(Duration.ofMinutes(1));

    assertThat(call.lines(id))
        .hasSize(6)
        .allSatisfy(line -> fits("MessageBatchIndividualResponse", line));
  }

  @Test
  void messagesToolsTokensModelsAndErrorsFit() throws IOException {
    ObjectNode params = SimulatorCall.params("Hello");
    fits("Message", SimulatorCall.json(call.post("/v1/messages", params.toString())));
    ObjectNode tool = params.putArray("tools").addObject().put("name", "book");
    tool.set("input_schema", params.at("/output_config/format/schema"));
    params.remove("output_config");
    params.putObject("tool_choice").put("type", "tool").put("name", "book");
    JsonNode used = SimulatorCall.json(call.post("/v1/messages", params.toString()));
    fits("Message", used);
    assertThat(used.at("/content/0/input").has("amount")).isTrue();
    fits(
        "CountMessageTokensResponse",
        SimulatorCall.json(
            call.post("/v1/messages/count_tokens", SimulatorCall.params("x").toString())));
    fits("ListResponse_ModelInfo_", SimulatorCall.json(call.get("/v1/models?limit=5")));
    fits("ModelInfo", SimulatorCall.json(call.get("/v1/models/claude-haiku-4-5")));
    fits("ErrorResponse", SimulatorCall.json(call.get("/v1/models/claude-nobody")));
    fits("ErrorResponse", SimulatorCall.json(call.post("/v1/messages", "{}")));
  }

  @Test
  void theOracleSeesWhatDoesNotFit() throws IOException {
    assertThat(openApi.validate("CreateMessageBatchParams", SimulatorCall.batchOf("a", "b")))
        .isEmpty();
    assertThat(openApi.validate("CreateMessageBatchParams", "{\"requests\":[],\"x\":1}"))
        .hasSize(2);
    assertThat(
            openApi.validate(
                "CreateMessageBatchParams",
                SimulatorCall.batchOf("a").replace("\"max_tokens\":256", "\"max_tokens\":\"x\"")))
        .isNotEmpty();
  }

  private void fits(String schema, JsonNode json) {
    assertThat(openApi.validate(schema, json)).as("%s: %s", schema, json).isEmpty();
  }
}
