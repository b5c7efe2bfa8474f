package dev.caravan.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of an answer that fits a schema, as load.sql gets them. */
final class SampleAnswer {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final int MOST = 20;

  private final JsonNode root;
  private final int choice;

  private SampleAnswer(JsonNode root, int choice) {
    this.root = root;
    this.choice = choice;
  }

  /** How many answers it takes until every value of every {@code enum} was there once. */
  static int count(String schema) {
    try {
      return JSON.readTree(schema).findValues("enum").stream()
          .mapToInt(values -> Math.min(values.size(), MOST))
          .reduce(1, Math::max);
    } catch (JsonProcessingException told) {
      return 1;
    }
  }

  /**
   * Values by field name in lower case, with the value of this place in each {@code enum}; none
   * when the schema is not JSON.
   */
  static Map<String, @Nullable Object> of(String schema, int choice) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    try {
      SampleAnswer sample = new SampleAnswer(JSON.readTree(schema), choice);
      sample
          .root
          .path("properties")
          .properties()
          .forEach(
              field ->
                  fields.put(
                      field.getKey().toLowerCase(Locale.ROOT), sample.value(field.getValue())));
    } catch (JsonProcessingException told) {
      return fields;
    }
    return fields;
  }

  private @Nullable Object value(JsonNode schema) {
    if (schema.has("$ref")) {
      return value(root.at(schema.get("$ref").asText().substring(1)));
    }
    if (schema.has("const")) {
      return scalar(schema.get("const"));
    }
    if (schema.path("enum").size() > 0) {
      return scalar(schema.get("enum").get(choice % schema.get("enum").size()));
    }
    for (String union : List.of("anyOf", "allOf")) {
      if (schema.path(union).size() > 0) {
        return value(schema.get(union).get(0));
      }
    }
    JsonNode type = schema.path("type");
    return switch (type.isArray() ? type.path(0).asText() : type.asText()) {
      case "integer" -> 1L;
      case "number" -> BigDecimal.ONE;
      case "boolean" -> true;
      case "array" -> "[]";
      case "object" -> "{}";
      case "null" -> null;
      default -> text(schema.path("format").asText());
    };
  }

  private static @Nullable Object scalar(JsonNode value) {
    if (value.isNull()) {
      return null;
    }
    return value.isBoolean()
        ? (Object) value.booleanValue()
        : value.isNumber() ? value.decimalValue() : value.asText();
  }

  private static String text(String format) {
    return switch (format) {
      case "date" -> "2026-01-31";
      case "date-time" -> "2026-01-31T12:00:00Z";
      case "time" -> "12:00:00Z";
      case "uuid" -> "00000000-0000-4000-8000-000000000000";
      default -> "x";
    };
  }
}
