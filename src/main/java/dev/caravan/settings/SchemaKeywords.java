package dev.caravan.settings;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The keywords of JSON Schema that structured outputs accept, and what to write for the others. */
final class SchemaKeywords {
  private static final List<String> ACCEPTED =
      List.of(
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
          "description");
  private static final Set<String> LIMITS =
      Set.of(
          "minimum",
          "maximum",
          "exclusiveMinimum",
          "exclusiveMaximum",
          "multipleOf",
          "minLength",
          "maxLength",
          "maxItems",
          "uniqueItems",
          "minProperties",
          "maxProperties",
          "not",
          "if",
          "then",
          "else",
          "contains",
          "propertyNames",
          "dependentRequired",
          "dependentSchemas");
  private static final Map<String, String> INSTEAD =
      Map.of(
          "oneOf", "Write anyOf.",
          "$schema", "Remove it; it is for editors alone.",
          "prefixItems", "Write items.",
          "patternProperties", "Write an array of objects with a name and a value.");

  private SchemaKeywords() {}

  /** What to do about a keyword; empty when it is accepted. */
  static Optional<String> remedy(String keyword) {
    if (ACCEPTED.contains(keyword)) {
      return Optional.empty();
    }
    return Optional.of(
        LIMITS.contains(keyword)
            ? "Remove it; say it in the description, and see to it in load.sql."
            : INSTEAD.getOrDefault(keyword, Nearest.remedy(keyword, ACCEPTED)));
  }
}
