package dev.caravan.batch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
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
  private static final String TEXT = "text";
  private static final String TYPE = "type";

  private TypedValues() {}

  /** {@code {"id":{"integer":"17"},"ip":{"text":"::1","type":"inet"}}}; NULL becomes {@code {}}. */
  public static String write(Map<String, @Nullable Object> values) {
    ObjectNode json = JSON.createObjectNode();
    values.forEach(
        (column, value) -> {
          ObjectNode typed = json.putObject(column);
          if (value != null && !(value instanceof Unreadable)) {
            typed.put(type(value), text(value));
          }
          if (value instanceof DatabaseText text) {
            typed.put(TYPE, text.type());
          }
        });
    return json.toString();
  }

  /** The values by column, of the types that they had. */
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
    if (value instanceof Number number) {
      return type(number);
    }
    if (value instanceof Boolean) {
      return "boolean";
    }
    if (value instanceof UUID) {
      return "uuid";
    }
    if (value instanceof OffsetDateTime) {
      return "instant";
    }
    if (value instanceof OffsetTime) {
      return "offset_time";
    }
    if (value instanceof LocalDateTime) {
      return "timestamp";
    }
    if (value instanceof LocalDate) {
      return "date";
    }
    if (value instanceof LocalTime) {
      return "time";
    }
    return value instanceof byte[] ? "bytes" : TEXT;
  }

  private static String type(Number number) {
    if (number instanceof Byte || number instanceof Short) {
      return "short";
    }
    if (number instanceof Integer) {
      return "integer";
    }
    if (number instanceof Long) {
      return "long";
    }
    if (number instanceof Float) {
      return "real";
    }
    return number instanceof Double ? "double" : "decimal";
  }

  /** A number keeps its zeros, and is never longer than it was. */
  private static String text(Object value) {
    return value instanceof Number ? value.toString() : Canonical.text(value);
  }

  private static @Nullable Object value(JsonNode typed) {
    if (!typed.fieldNames().hasNext()) {
      return null;
    }
    String type = typed.fieldNames().next();
    String text = typed.get(type).asText();
    return switch (type) {
      case "short" -> Short.valueOf(text);
      case "integer" -> Integer.valueOf(text);
      case "long" -> Long.valueOf(text);
      case "decimal" -> new BigDecimal(text);
      case "real" -> Float.valueOf(text);
      case "double" -> Double.valueOf(text);
      case "number" -> number(text);
      case "boolean" -> Boolean.valueOf(text);
      case "uuid" -> UUID.fromString(text);
      case "instant" -> OffsetDateTime.parse(text).withOffsetSameInstant(ZoneOffset.UTC);
      case "offset_time" -> OffsetTime.parse(text);
      case "timestamp" -> LocalDateTime.parse(text);
      case "date" -> LocalDate.parse(text);
      case "time" -> LocalTime.parse(text);
      case "bytes" -> HexFormat.of().parseHex(text);
      default -> typed.has(TYPE) ? new DatabaseText(typed.get(TYPE).asText(), text) : text;
    };
  }

  /** What ledgers held before a number kept its type; NaN could not be read back then. */
  private static Number number(String text) {
    if (text.endsWith("NaN") || text.endsWith("Infinity")) {
      return Double.valueOf(text);
    }
    BigDecimal exact = new BigDecimal(text);
    if (exact.scale() > 0) {
      return exact;
    }
    BigInteger integer = exact.toBigInteger();
    return integer.bitLength() < Long.SIZE ? (Number) integer.longValue() : exact;
  }
}
