package dev.caravan.settings;

import static dev.caravan.settings.JsonText.child;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** The top-level fields of an answer: parameters of load.sql, which knows no upper case. */
final class AnswerFields {
  private AnswerFields() {}

  /**
   * As load.sql names them; none when the text is not JSON (which {@link SchemaSubset} reports).
   */
  static Set<String> of(String schemaJson) {
    Set<String> fields = new TreeSet<>();
    try {
      JsonNode properties = JsonText.parse("", schemaJson).root().path("properties");
      properties.fieldNames().forEachRemaining(name -> fields.add(name.toLowerCase(Locale.ROOT)));
    } catch (FaultsException unreadable) {
      return Set.of();
    }
    return fields;
  }

  /** Fields that an answer may lack. */
  static Set<String> optional(String schemaJson) {
    Set<String> optional = new TreeSet<>(of(schemaJson));
    try {
      JsonNode required = JsonText.parse("", schemaJson).root().path("required");
      required.forEach(name -> optional.remove(name.asText().toLowerCase(Locale.ROOT)));
    } catch (FaultsException unreadable) {
      return Set.of();
    }
    return optional;
  }

  static void faults(JsonNode schema, SchemaFaults faults) {
    if (!schema.path("type").asText().equals("object") || schema.path("properties").isEmpty()) {
      faults.refuse(
          schema.has("type") ? "/type" : "",
          "the answer is not an object with properties",
          "load.sql takes the fields of the answer: write \"type\": \"object\" and its properties.");
    }
    Set<String> seen = new HashSet<>();
    schema.path("properties").fieldNames().forEachRemaining(name -> name(name, seen, faults));
  }

  private static void name(String name, Set<String> seen, SchemaFaults faults) {
    String parameter = name.toLowerCase(Locale.ROOT);
    String at = child("/properties", name);
    if (!parameter.matches("[a-z_][a-z0-9_]*")) {
      faults.refuse(at, "can't be a parameter of load.sql", "Use letters, digits and _.");
    } else if (parameter.matches("(key|keep|caravan)_.*")) {
      faults.refuse(at, "starts with a prefix reserved for Caravan", "Give it another name.");
    } else if (!seen.add(parameter)) {
      faults.refuse(at, "differs from another only in upper case", "Give it another name.");
    }
  }
}
