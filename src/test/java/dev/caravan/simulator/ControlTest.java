package dev.caravan.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The simulator can be driven from another process. */
class ControlTest {
  private Simulator simulator;
  private SimulatorCall call;

  @BeforeEach
  void start() throws IOException {
    simulator = Simulator.start(SimulatorOptions.defaults());
    call = new SimulatorCall(simulator);
  }

  @AfterEach
  void stop() throws IOException {
    simulator.close();
  }

  @Test
  void movesTheClockAndKeepsTheBooks() throws IOException {
    String id = call.created("a", "b");
    assertThat(call.post("/simulator/clock", "{\"advance\":\"5m\"}").statusCode()).isEqualTo(200);
    call.results(id);

    JsonNode books = SimulatorCall.json(call.get("/books?custom_ids=true"));
    JsonNode batch = books.at("/batches/0");
    assertThat(batch.path("id").asText()).isEqualTo(id);
    assertThat(batch.path("processing_status").asText()).isEqualTo("ended");
    assertThat(batch.at("/custom_ids/1").asText()).isEqualTo("b");
    assertThat(batch.path("downloads").asInt()).isEqualTo(1);
    assertThat(books.at("/calls/create").asInt()).isEqualTo(1);
    assertThat(books.at("/billed/claude-haiku-5-5/output_tokens").asLong()).isPositive();
    assertThat(SimulatorCall.json(call.get("/books")).at("/batches/0").has("custom_ids")).isFalse();
  }

  @Test
  void takesFaultsAnswersAndForeignBatches() throws IOException {
    call.post(
        "/simulator/faults",
        "[{\"fault\":\"refuse\",\"at\":\"create\",\"status\":529,\"times\":2,\"retry_after\":3}]");
    call.post(
        "/simulator/answers", "{\"answers\":[{\"custom_id\":\"^a$\",\"answer\":\"scripted\"}]}");
    call.post("/simulator/batches", "{\"count\":4}");

    assertThat(call.create("a").headers().firstValue("retry-after")).contains("3");
    assertThat(call.send(call.bare("/simulator/faults").DELETE()).statusCode()).isEqualTo(200);
    String id = call.created("a");
    call.post("/simulator/clock", "{\"advance\":\"PT1H\"}");
    assertThat(call.result(id, "a").at("/message/content/0/text").asText()).isEqualTo("scripted");
    JsonNode state = SimulatorCall.json(call.get("/simulator"));
    assertThat(state.path("batches").asInt()).isEqualTo(2);
    assertThat(state.path("faults").asInt()).isZero();
    assertThat(state.path("answers").asInt()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"fault\":\"nonsense\"}",
        "{\"fault\":\"refuse\",\"at\":\"create\"}",
        "{\"fault\":\"slow\"}",
        "{\"fault\":\"slow\",\"processing\":\"soon\"}",
        "{\"fault\":\"truncated\",\"custom_id\":\"(\"}",
        "{\"fault\":\"cut_after\",\"at\":\"create\",\"typo\":1}"
      })
  void refusesAFaultItCannotRead(String json) throws IOException {
    HttpResponse<String> refused = call.post("/simulator/faults", json);

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(SimulatorCall.json(refused).at("/error/message").asText())
        .contains("cannot read the fault")
        .doesNotContain("dev.caravan");
  }

  @Test
  void readsEveryKindOfFault() {
    FaultPlan plan = new FaultPlan();
    plan.add(
        SimulatorCall.parse(
            """
            [{"fault":"cut_before","at":"create"},{"fault":"cut_after","at":"cancel"},
             {"fault":"cut_body","at":"create","bytes":100},{"fault":"accept_late","delay":"5m"},
             {"fault":"cut_answer","at":"list","bytes":9},{"fault":"hang","at":"create","lasting":"2s"},
             {"fault":"overdue","lasting":"2h"},{"fault":"wrong_counts","more":1},
             {"fault":"slow","processing":"20h"},{"fault":"never_ends","finished":0.5},
             {"fault":"partial_cancel","finished":0.5},{"fault":"cut_results","lines":3},
             {"fault":"lines","repeated":1,"foreign":1,"missing":1,"not_utf8":1,"unparsable":1},
             {"fault":"hidden","lasting":"5s"},{"fault":"results_hidden","downloads":2},
             {"fault":"results_elsewhere","host":"http://other.example"},
             {"fault":"refusal","custom_id":"a","category":"cyber"},
             {"fault":"truncated","custom_id":"a"},
             {"fault":"invalid_output","custom_id":"a","miss":"extra_field"},
             {"fault":"stop_reason","custom_id":"a","stop_reason":"pause_turn"},
             {"fault":"errored","custom_id":"a","type":"api_error","error_code":"x"},
             {"fault":"expired","custom_id":"a"},{"fault":"canceled","custom_id":"a"},
             {"fault":"thinking","custom_id":"a"},{"fault":"empty","custom_id":"a"},
             {"fault":"odd_usage","custom_id":"a","model":"claude-next-9"},
             {"fault":"web_page","at":"results"},
             {"fault":"refuse","at":"models","status":503}]
            """));

    Set<String> kinds =
        Stream.of(Fault.OfCall.class, Fault.OfBatch.class, Fault.OfLine.class)
            .flatMap(kind -> Stream.of(kind.getPermittedSubclasses()))
            .map(Class::getSimpleName)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(plan.size()).isEqualTo(kinds.size());
  }
}
