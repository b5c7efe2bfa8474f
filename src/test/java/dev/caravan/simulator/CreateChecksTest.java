package dev.caravan.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the API refuses at once, in its exact words; one bad request refuses the whole batch. */
class CreateChecksTest {
  private Simulator simulator;
  private SimulatorCall call;

  @BeforeEach
  void start() throws IOException {
    simulator =
        Simulator.start(
            SimulatorOptions.defaults()
                .withMaxBody(20_000)
                .withWorkspaces(Map.of("key", "wrkspc_one")));
    call = new SimulatorCall(simulator);
  }

  @AfterEach
  void stop() throws IOException {
    simulator.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"requests":[]} | requests: List should have at least 1 item after validation, not 0
          {} | requests: Field required
          {"requests":{}} | requests: Input should be a valid list
          {"requests":[{"custom_id":"a","params":{}}],"name":"x"} | name: Extra inputs are not permitted
          {"requests":[{"params":{}}]} | requests.0.custom_id: Field required
          {"requests":[{"custom_id":7,"params":{}}]} | requests.0.custom_id: Input should be a valid string
          {"requests":[{"custom_id":"a"}]} | requests.0.params: Field required
          {"requests":[{"custom_id":"a","params":{},"x":1}]} | requests.0.x: Extra inputs are not permitted
          {"requests":[{"custom_id":"a","params":{}},{"custom_id":"b:1","params":{}},{"params":{}}]} | requests.1.custom_id: String should match pattern '^[a-zA-Z0-9_-]{1,64}$'
          """,
      quoteCharacter = '`')
  void refusesTheWholeBatchInTheApisWords(String body, String message) throws IOException {
    HttpResponse<String> refused = call.post(SimulatorCall.BATCHES, body);

    assertThat(refused.statusCode()).isEqualTo(400);
    JsonNode json = SimulatorCall.json(refused);
    assertThat(json.at("/error/type").asText()).isEqualTo("invalid_request_error");
    assertThat(json.at("/error/message").asText()).isEqualTo(message);
    assertThat(json.path("request_id").asText())
        .isEqualTo(refused.headers().firstValue("request-id").orElseThrow());
    assertThat(simulator.books().batches()).isEmpty();
  }

  @Test
  void refusesADuplicateCustomIdAndOneOfMoreThan64Characters() throws IOException {
    assertThat(message(call.create("dup", "b", "dup")))
        .isEqualTo(
            "requests: custom_id's must be unique within a batch. Duplicate custom_id found: dup");
    assertThat(message(call.create("x".repeat(65))))
        .isEqualTo("requests.0.custom_id: String should have at most 64 characters");
    assertThat(call.create("x".repeat(64)).statusCode()).isEqualTo(200);
  }

  @Test
  void tellsOfBrokenJsonBeforeAnythingElse() throws IOException {
    String broken = "{\"requests\":[{\"params\":{}},{\"custom_id\":\"a\",]}";

    assertThat(message(call.post(SimulatorCall.BATCHES, broken)))
        .startsWith("The request body is not valid JSON: ");
  }

  @Test
  void refusesABodyOverTheLimitAsTheEdgeDoes() throws IOException {
    String large = "{\"requests\":[" + " ".repeat(20_000) + "]}";
    HttpResponse<String> told = call.post(SimulatorCall.BATCHES, large);
    HttpResponse<String> chunked =
        call.send(
            call.to(SimulatorCall.BATCHES)
                .POST(
                    HttpRequest.BodyPublishers.fromPublisher(
                        HttpRequest.BodyPublishers.ofString(large))));

    assertThat(told.statusCode()).isEqualTo(413);
    assertThat(told.body())
        .isEqualTo(
            "{\"error\":{\"type\":\"request_too_large\","
                + "\"message\":\"Request exceeds the maximum size\"}}");
    assertThat(chunked.statusCode()).isEqualTo(413);
  }

  @Test
  void wantsAKnownKeyAndAKnownVersion() throws IOException {
    HttpResponse<String> wrongKey =
        call.send(
            call.bare(SimulatorCall.BATCHES)
                .header("x-api-key", "wrong")
                .header("anthropic-version", "2023-06-01"));
    assertThat(wrongKey.statusCode()).isEqualTo(401);
    assertThat(message(wrongKey)).isEqualTo("API key is invalid.");
    assertThat(wrongKey.headers().firstValue("anthropic-workspace-id")).isEmpty();
    assertThat(call.send(call.bare(SimulatorCall.BATCHES)).statusCode()).isEqualTo(401);

    HttpResponse<String> noVersion =
        call.send(call.bare(SimulatorCall.BATCHES).header("x-api-key", "key"));
    assertThat(noVersion.statusCode()).isEqualTo(400);
    assertThat(message(noVersion)).isEqualTo("anthropic-version: header is required");
  }

  @Test
  void takesBothVersionsWithEitherKeyHeader() throws IOException {
    for (String version : new String[] {"2023-06-01", "2026-10-21"}) {
      assertThat(
              call.send(
                      call.bare(SimulatorCall.BATCHES)
                          .header("x-api-key", "key")
                          .header("anthropic-version", version))
                  .statusCode())
          .isEqualTo(200);
      assertThat(
              call.send(
                      call.bare(SimulatorCall.BATCHES)
                          .header("Authorization", "Bearer key")
                          .header("anthropic-version", version))
                  .statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void answersUnknownBatchesResultsBeforeTheEndAndBadLimits() throws IOException {
    HttpResponse<String> unknown = call.get(SimulatorCall.BATCHES + "/msgbatch_x");
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(message(unknown)).isEqualTo("Message Batch msgbatch_x not found.");

    String id = call.created("a");
    HttpResponse<String> early = call.results(id);
    assertThat(early.statusCode()).isEqualTo(404);
    assertThat(message(early)).isEqualTo("Message Batch " + id + " has no available results.");
    assertThat(early.headers().firstValue("x-should-retry")).contains("false");

    assertThat(message(call.get(SimulatorCall.BATCHES + "?limit=1001")))
        .isEqualTo("limit: Input should be less than or equal to 1000");
    assertThat(call.get(SimulatorCall.BATCHES + "?limit=x").statusCode()).isEqualTo(400);
  }

  @Test
  void refusesACompressedBodyByItsErrorCode() throws IOException {
    HttpResponse<String> refused =
        call.send(
            call.to(SimulatorCall.BATCHES)
                .header("content-encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[] {31})));

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(SimulatorCall.json(refused).at("/error/details/error_code").asText())
        .isEqualTo("request_body_encoding_unsupported");
  }

  private static String message(HttpResponse<String> response) {
    return SimulatorCall.json(response).at("/error/message").asText();
  }
}
