package dev.caravan.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Stream;

/** Calls a simulator by plain HTTP, the way no client library would let us. */
final class SimulatorCall {
  static final String BATCHES = "/v1/messages/batches";
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Simulator simulator;

  SimulatorCall(Simulator simulator) {
    this.simulator = simulator;
  }

  HttpRequest.Builder to(String path) {
    return bare(path)
        .header("authorization", "Bearer key")
        .header("anthropic-version", "2026-10-21");
  }

  HttpRequest.Builder bare(String path) {
    return HttpRequest.newBuilder(URI.create(simulator.baseUrl() + path));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  HttpResponse<String> get(String path) throws IOException {
    return send(to(path));
  }

  HttpResponse<String> post(String path, String body) throws IOException {
    return send(
        to(path)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  HttpResponse<String> create(String... customIds) throws IOException {
    return post(BATCHES, batchOf(customIds));
  }

  String created(String... customIds) throws IOException {
    HttpResponse<String> created = create(customIds);
    if (created.statusCode() != 200) {
      throw new IllegalStateException(created.body());
    }
    return json(created).path("id").asText();
  }

  JsonNode batch(String id) throws IOException {
    return json(get(BATCHES + "/" + id));
  }

  HttpResponse<String> results(String id) throws IOException {
    return get(BATCHES + "/" + id + "/results");
  }

  /** The result of one custom_id among the (readable) result lines. */
  JsonNode result(String id, String customId) throws IOException {
    return lines(id).stream()
        .filter(line -> line.path("custom_id").asText().equals(customId))
        .findFirst()
        .orElseThrow()
        .path("result");
  }

  List<JsonNode> lines(String id) throws IOException {
    return results(id).body().lines().map(SimulatorCall::parse).toList();
  }

  static JsonNode json(HttpResponse<String> response) {
    return parse(response.body());
  }

  static JsonNode parse(String text) {
    try {
      return Json.MAPPER.readTree(text);
    } catch (IOException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  static String batchOf(String... customIds) {
    ObjectNode body = Json.object();
    ArrayNode requests = body.putArray("requests");
    Stream.of(customIds)
        .forEach(
            customId ->
                requests
                    .addObject()
                    .put("custom_id", customId)
                    .set("params", params("Invoice " + customId + ", total amount: 1250.50 EUR")));
    return body.toString();
  }

  static ObjectNode params(String prompt) {
    ObjectNode params = Json.object().put("model", "claude-haiku-5-5").put("max_tokens", 256);
    params.putArray("messages").addObject().put("role", "user").put("content", prompt);
    params.putObject("thinking").put("type", "disabled");
    ObjectNode format =
        params.putObject("output_config").putObject("format").put("type", "json_schema");
    format.set(
        "schema",
        parse(
            """
            {"type":"object","additionalProperties":false,
             "required":["amount","category","note","needs_approval"],
             "properties":{"amount":{"type":"number"},
               "category":{"enum":["travel","invoice","software"]},
               "note":{"type":"string"},"needs_approval":{"type":"boolean"}}}
            """));
    return params;
  }
}
