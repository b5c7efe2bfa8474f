package dev.caravan.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What structured outputs take of JSON Schema. */
final class SchemaSubset {
  private static final Set<String> KNOWN =
      Set.of(
          "type",
          "properties",
          "required",
          "additionalProperties",
          "items",
          "enum",
          "const",
          "anyOf",
          "allOf",
          "$ref",
          "$defs",
          "definitions",
          "default",
          "format",
          "pattern",
          "minItems",
          "title",
          "description",
          "$schema",
          "$id",
          "examples",
          "$comment");
  private static final Set<String> FORMATS =
      Set.of(
          "date-time",
          "time",
          "date",
          "duration",
          "email",
          "hostname",
          "uri",
          "ipv4",
          "ipv6",
          "uuid");
  private static final int DEEPEST = 64;

  private SchemaSubset() {}

  /** The first thing the API would refuse about {@code schema}, in its words. */
  static Optional<String> problem(JsonNode schema) {
    return problem(schema, schema, 0);
  }

  private static Optional<String> problem(JsonNode schema, JsonNode root, int depth) {
    if (depth > DEEPEST) {
      return Optional.of("Schema is too complex for compilation.");
    }
    return here(schema, root).or(() -> below(schema, root, depth));
  }

  private static Optional<String> here(JsonNode schema, JsonNode root) {
    String type = schema.path("type").asText("any");
    Set<String> unknown = new TreeSet<>();
    schema.fieldNames().forEachRemaining(unknown::add);
    unknown.removeAll(KNOWN);
    if (!unknown.isEmpty()) {
      return Optional.of(
          "For '%s' type, %s %s not supported"
              .formatted(
                  type,
                  (unknown.size() == 1 ? "property '" : "properties ")
                      + String.join(", ", unknown)
                      + (unknown.size() == 1 ? "'" : ""),
                  unknown.size() == 1 ? "is" : "are"));
    }
    if (type.equals("object") && !isFalse(schema.path("additionalProperties"))) {
      return Optional.of(
          "For 'object' type, 'additionalProperties' must be explicitly set to false");
    }
    if (schema.path("minItems").asInt() > 1) {
      return Optional.of("For 'array' type, 'minItems' values other than 0 or 1 are not supported");
    }
    String format = schema.path("format").asText();
    if (!format.isEmpty() && !FORMATS.contains(format)) {
      return Optional.of("For 'string' type, format '" + format + "' is not supported");
    }
    String ref = schema.path("$ref").asText();
    if (!ref.isEmpty() && (!ref.startsWith("#") || root.at(ref.substring(1)).isMissingNode())) {
      return Optional.of("$ref '" + ref + "' is not a local definition");
    }
    return Optional.empty();
  }

  private static Optional<String> below(JsonNode schema, JsonNode root, int depth) {
    for (String key : List.of("properties", "$defs", "definitions", "anyOf", "allOf")) {
      for (JsonNode child : schema.path(key)) {
        Optional<String> problem = problem(child, root, depth + 1);
        if (problem.isPresent()) {
          return problem;
        }
      }
    }
    if (schema.path("items").isObject()) {
      return problem(schema.get("items"), root, depth + 1);
    }
    // following references makes a recursive schema too deep
    return schema.has("$ref")
        ? problem(root.at(schema.get("$ref").asText().substring(1)), root, depth + 1)
        : Optional.empty();
  }

  private static boolean isFalse(JsonNode node) {
    return node.isBoolean() && !node.asBoolean();
  }
}
