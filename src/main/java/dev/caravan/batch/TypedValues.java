package dev.caravan.batch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Date;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Key and {@code keep_*} columns of a record as JSON text that gives back the same SQL types, so
 * that {@code where id = :key_id} compares a number with a number weeks later.
 */
public final class TypedValues {
  private static final ObjectMapper JSON = new ObjectMapper();

  private TypedValues() {}

  /** {@code {"id":{"number":"17"},"name":{"text":"x"}}}; NULL becomes {@code {}}. */
  public static String write(Map<String, @Nullable Object> values) {
    ObjectNode json = JSON.createObjectNode();
    values.forEach(
        (column, value) -> {
          ObjectNode typed = json.putObject(column);
          if (value != null) {
            typed.put(type(value), Canonical.text(value));
          }
        });
    return json.toString();
  }

  /** The values by column, with types that JDBC takes as they are. */
  public static Map<String, @Nullable Object> read(String text) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    try {
      JSON.readTree(text)
          .fields()
          .forEachRemaining(column -> values.put(column.getKey(), value(column.getValue())));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("row_values of the ledger is not JSON: " + text, e);
    }
    return values;
  }

  private static String type(Object value) {
    if (value instanceof Number) {
      return "number";
    }
    if (value instanceof Boolean) {
      return "boolean";
    }
    if (value instanceof UUID) {
      return "uuid";
    }
    if (value instanceof Timestamp || value instanceof LocalDateTime) {
      return "timestamp";
    }
    if (value instanceof Date || value instanceof LocalDate) {
      return "date";
    }
    if (value instanceof Time || value instanceof LocalTime) {
      return "time";
    }
    return value instanceof byte[] ? "bytes" : "text";
  }

  private static @Nullable Object value(JsonNode typed) {
    if (!typed.fieldNames().hasNext()) {
      return null;
    }
    String type = typed.fieldNames().next();
    String text = typed.get(type).asText();
    return switch (type) {
      case "number" -> number(text);
      case "boolean" -> Boolean.valueOf(text);
      case "uuid" -> UUID.fromString(text);
      case "timestamp" -> LocalDateTime.parse(text);
      case "date" -> LocalDate.parse(text);
      case "time" -> LocalTime.parse(text);
      case "bytes" -> java.util.HexFormat.of().parseHex(text);
      default -> text;
    };
  }

  private static Number number(String text) {
    BigDecimal exact = new BigDecimal(text);
    if (exact.scale() > 0) {
      return exact;
    }
    BigInteger integer = exact.toBigInteger();
    return integer.bitLength() < Long.SIZE ? (Number) integer.longValue() : exact;
  }
}
