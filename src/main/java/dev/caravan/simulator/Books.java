package dev.caravan.simulator;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What the simulator accepted, served and would have billed, as of one moment.
 *
 * @param batches every batch ever accepted, oldest first, deleted ones too
 * @param calls how often each endpoint was called, refused and cut calls included
 * @param billed tokens by model of the batches that ended; refused and unanswered requests cost
 *     none
 * @param billedUsd what they cost at today's prices
 * @param billedStandard tokens by model of POST /v1/messages
 */
public record Books(
    List<Batch> batches,
    Map<Endpoint, Long> calls,
    Map<String, Usage> billed,
    BigDecimal billedUsd,
    Map<String, Usage> billedStandard) {

  /**
   * One accepted batch.
   *
   * @param answerLost whether the client was never told its id
   * @param foreign whether it stands for another tool's
   * @param downloads how often its results were asked for once they were there
   */
  public record Batch(
      String id,
      String workspace,
      Instant createdAt,
      int requests,
      String processingStatus,
      Counts requestCounts,
      boolean answerLost,
      boolean foreign,
      boolean deleted,
      int downloads) {}

  /** Writes the custom_ids of a batch as the elements of an array. */
  interface CustomIds {
    void writeTo(JsonGenerator json, String batchId) throws IOException;
  }

  void write(JsonGenerator json, CustomIds customIds) throws IOException {
    json.writeStartObject();
    json.writeArrayFieldStart("batches");
    for (Batch batch : batches) {
      json.writeStartObject();
      json.writeStringField("id", batch.id);
      json.writeStringField("workspace", batch.workspace);
      json.writeStringField("created_at", Json.time(batch.createdAt));
      json.writeNumberField("requests", batch.requests);
      json.writeStringField("processing_status", batch.processingStatus);
      json.writePOJOField("request_counts", batch.requestCounts);
      json.writeBooleanField("answer_lost", batch.answerLost);
      json.writeBooleanField("foreign", batch.foreign);
      json.writeBooleanField("deleted", batch.deleted);
      json.writeNumberField("downloads", batch.downloads);
      customIds.writeTo(json, batch.id);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeObjectFieldStart("calls");
    for (Map.Entry<Endpoint, Long> call : calls.entrySet()) {
      json.writeNumberField(call.getKey().word(), call.getValue());
    }
    json.writeEndObject();
    json.writePOJOField("billed", billed);
    json.writeNumberField("billed_usd", billedUsd);
    json.writePOJOField("billed_standard", billedStandard);
    json.writeEndObject();
  }
}
