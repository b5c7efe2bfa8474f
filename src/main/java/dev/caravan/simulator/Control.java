package dev.caravan.simulator;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.settings.Units;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** The simulator's own endpoints, outside /v1: books, clock, faults, answers, foreign batches. */
final class Control {
  private final SimulatorOptions options;
  private final FaultPlan faults;
  private final Answers answers;
  private final Batches batches;
  private final Bookkeeper books;

  Control(
      SimulatorOptions options,
      FaultPlan faults,
      Answers answers,
      Batches batches,
      Bookkeeper books) {
    this.options = options;
    this.faults = faults;
    this.answers = answers;
    this.batches = batches;
    this.books = books;
  }

  Reply answer(Call call) throws IOException {
    switch (call.method() + " " + call.path()) {
      case "GET /simulator" -> {}
      case "GET /books" -> {
        return books(Boolean.parseBoolean(call.query().get("custom_ids")));
      }
      case "POST /simulator/clock" ->
          options.clock().advance(Json.duration(call.json().path("advance").asText()));
      case "POST /simulator/faults" -> faults.add(call.json());
      case "DELETE /simulator/faults" -> faults.clear();
      case "POST /simulator/answers" -> answers.add(call.json());
      case "DELETE /simulator/answers" -> answers.clear();
      case "POST /simulator/batches" -> {
        return foreign(call.json());
      }
      default ->
          throw ApiError.notFound(
              "The simulator has no " + call.method() + " " + call.path() + "; see GET /simulator");
    }
    return Reply.json(state());
  }

  /** Puts another tool's batch of {@code count} requests into {@code workspace}. */
  StoredBatch foreignBatch(int count, String workspace) throws IOException {
    ObjectNode body = Json.object();
    var requests = body.putArray("requests");
    for (int i = 1; i <= count; i++) {
      ObjectNode params =
          requests.addObject().put("custom_id", "other-tool-" + i).putObject("params");
      params.put("model", "claude-haiku-4-5-20251001").put("max_tokens", 64);
      params.putArray("messages").addObject().put("role", "user").put("content", "Other work");
    }
    byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    return batches.create(
        new ByteArrayInputStream(bytes),
        new Access(workspace, "2023-06-01", java.util.Set.of()),
        new StoredBatch.Origin(false, true),
        Duration.ZERO);
  }

  private Reply foreign(JsonNode json) throws IOException {
    StoredBatch batch =
        foreignBatch(
            json.path("count").asInt(1), json.path("workspace").asText(Access.ONE_WORKSPACE));
    return Reply.json(Json.object().put("id", batch.id()));
  }

  private ObjectNode state() {
    ObjectNode state =
        Json.object()
            .put("time", Json.time(options.clock().instant()))
            .put("processing", Units.text(options.processing()))
            .put("batches", batches.booked().size())
            .put("faults", faults.size())
            .put("answers", answers.size());
    state
        .putArray("endpoints")
        .add("GET /simulator")
        .add("GET /books?custom_ids=true")
        .add("POST /simulator/clock")
        .add("POST|DELETE /simulator/faults")
        .add("POST|DELETE /simulator/answers")
        .add("POST /simulator/batches");
    return state;
  }

  private Reply books(boolean withCustomIds) {
    Books now = books.books(batches);
    return new Reply(200, Map.of(), "application/json", out -> write(now, withCustomIds, out));
  }

  private void write(Books now, boolean withCustomIds, OutputStream out) throws IOException {
    try (JsonGenerator json =
        Json.MAPPER.createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
      now.write(
          json,
          (generator, id) -> {
            if (withCustomIds) {
              generator.writeArrayFieldStart("custom_ids");
              batches.stored(id).spool().customIds(customId -> writeString(generator, customId));
              generator.writeEndArray();
            }
          });
    }
  }

  private static void writeString(JsonGenerator generator, String text) {
    try {
      generator.writeString(text);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
