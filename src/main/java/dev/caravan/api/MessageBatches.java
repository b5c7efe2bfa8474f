package dev.caravan.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.batch.MessageBatch;
import dev.caravan.batch.RequestCounts;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads Message Batch objects leniently: unknown fields and values are legal. */
public final class MessageBatches {
  private MessageBatches() {}

  /** A page of the list, newest created first. */
  public record Page(List<MessageBatch> data, boolean hasMore) {}

  /** A Message Batch; empty when the JSON is none (no id, no created_at). */
  public static Optional<MessageBatch> of(JsonNode json) {
    String id = json.path("id").asText("");
    Instant createdAt = instant(json, "created_at");
    if (id.isEmpty() || createdAt == null) {
      return Optional.empty();
    }
    return Optional.of(
        new MessageBatch(
            id,
            json.path("processing_status").asText("in_progress"),
            counts(json.path("request_counts")),
            createdAt,
            instant(json, "expires_at"),
            instant(json, "ended_at"),
            instant(json, "cancel_initiated_at")));
  }

  /** A page; empty when the JSON is none. */
  public static Optional<Page> page(JsonNode json) {
    if (!json.path("data").isArray()) {
      return Optional.empty();
    }
    List<MessageBatch> data = new ArrayList<>();
    json.path("data").forEach(item -> of(item).ifPresent(data::add));
    return data.size() == json.path("data").size()
        ? Optional.of(new Page(data, json.path("has_more").asBoolean(false)))
        : Optional.empty();
  }

  private static RequestCounts counts(JsonNode json) {
    return new RequestCounts(
        json.path("processing").asInt(),
        json.path("succeeded").asInt(),
        json.path("errored").asInt(),
        json.path("canceled").asInt(),
        json.path("expired").asInt());
  }

  private static @Nullable Instant instant(JsonNode json, String field) {
    String text = json.path(field).asText("");
    try {
      return text.isEmpty() || text.equals("null") ? null : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }
}
