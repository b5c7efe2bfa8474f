package dev.caravan.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.batch.Batch;
import dev.caravan.batch.Decision;
import dev.caravan.batch.Outcome;
import dev.caravan.batch.TypedValues;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the load route gets for one answer: every parameter that load.sql may name. */
final class LoadRow {
  private LoadRow() {}

  static Map<String, @Nullable Object> of(
      Decision decision, Batch batch, ZoneId zone, Instant answeredAt) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    if (decision.outcome() instanceof Outcome.Completed completed) {
      completed
          .answer()
          .fields()
          .forEachRemaining(f -> row.put(f.getKey().toLowerCase(Locale.ROOT), value(f.getValue())));
    }
    row.putAll(TypedValues.read(decision.request().rowValues()));
    row.put("caravan_model", decision.model());
    row.put("caravan_batch", batch.msgbatchId());
    row.put("caravan_cost_usd", decision.costUsd());
    row.put("caravan_answered_at", LocalDateTime.ofInstant(answeredAt, zone).withNano(0));
    return row;
  }

  /** JSON values as JDBC takes them; objects and arrays stay JSON text. */
  private static @Nullable Object value(JsonNode value) {
    if (value.isNull()) {
      return null;
    }
    if (value.isTextual()) {
      return value.textValue();
    }
    if (value.isBoolean()) {
      return value.booleanValue();
    }
    if (value.isNumber()) {
      return value.canConvertToLong() && value.isIntegralNumber()
          ? (Object) value.longValue()
          : value.decimalValue();
    }
    return value.toString();
  }
}
