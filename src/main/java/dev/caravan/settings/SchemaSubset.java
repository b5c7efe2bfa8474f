package dev.caravan.settings;

import static dev.caravan.settings.JsonText.child;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Holds an {@code output.schema.json} to what structured outputs accept (Anthropic's pages on
 * structured outputs, as of October 2026), so that no batch comes back with nothing but errors.
 */
public final class SchemaSubset {
  private static final int OPTIONAL_CAP = 24;
  private static final int UNION_CAP = 16;
  private static final Set<String> TYPES =
      Set.of("object", "array", "string", "integer", "number", "boolean", "null");

  private final String file;
  private final JsonText json;
  private final List<Fault> faults = new ArrayList<>();
  private int optional;
  private int unions;

  private SchemaSubset(String file, JsonText json) {
    this.file = file;
    this.json = json;
  }

  /** Every fault of a schema, each with line, JSON pointer and remedy; none when it is accepted. */
  public static List<Fault> check(String file, String schemaJson) {
    JsonText json;
    try {
      json = JsonText.parse(file, schemaJson);
    } catch (FaultsException e) {
      return e.faults();
    }
    SchemaSubset subset = new SchemaSubset(file, json);
    subset.root();
    return List.copyOf(subset.faults);
  }

  private void root() {
    JsonNode root = json.root();
    AnswerFields.faults(root, this::refuse);
    visit(root, "");
    new SchemaRefs(json).faults(this::refuse);
    if (optional > OPTIONAL_CAP) {
      refuse(
          "", optional + " optional fields, more than " + OPTIONAL_CAP, "List more as required.");
    }
    if (unions > UNION_CAP) {
      refuse(
          "",
          unions + " fields of several types, more than " + UNION_CAP,
          "Give them one type; write \"\" or 0 for what is not known.");
    }
  }

  private void visit(JsonNode schema, String at) {
    if (!schema.isObject()) {
      refuse(at, "is not a schema", "Write an object such as {\"type\": \"string\"}.");
      return;
    }
    schema.fieldNames().forEachRemaining(keyword -> keyword(keyword, child(at, keyword)));
    type(schema.path("type"), child(at, "type"));
    values(schema, at);
    if (schema.path("type").asText().equals("object") || schema.has("properties")) {
      object(schema, at);
    }
    if (schema.has("items")) {
      visit(schema.path("items"), child(at, "items"));
    }
    unions += schema.path("type").isArray() || schema.has("anyOf") ? 1 : 0;
    each(schema, at, "anyOf");
    each(schema, at, "allOf");
    each(schema, at, "$defs");
    each(schema, at, "definitions");
  }

  /** Visits the schemas of an array or a map of schemas. */
  private void each(JsonNode schema, String at, String keyword) {
    JsonNode several = schema.path(keyword);
    String pointer = child(at, keyword);
    several.properties().forEach(e -> visit(e.getValue(), child(pointer, e.getKey())));
    for (int i = 0; several.isArray() && i < several.size(); i++) {
      String element = child(pointer, String.valueOf(i));
      visit(several.path(i), element);
      if (keyword.equals("allOf") && several.path(i).has("$ref")) {
        refuse(element, "$ref inside allOf is not accepted", "Write the fields out.");
      }
    }
  }

  private void object(JsonNode schema, String at) {
    JsonNode closed = schema.path("additionalProperties");
    if (!closed.isBoolean() || closed.asBoolean()) {
      refuse(
          closed.isMissingNode() ? at : child(at, "additionalProperties"),
          "the object does not say \"additionalProperties\": false",
          "Add it to every object.");
    }
    JsonNode properties = schema.path("properties");
    List<String> required = new ArrayList<>();
    schema.path("required").forEach(name -> required.add(name.asText()));
    required.stream()
        .filter(name -> !properties.has(name))
        .forEach(
            name ->
                refuse(
                    child(at, "required"),
                    "required names " + name + ", which is not in properties",
                    "Add it there, or take it out."));
    properties.fieldNames().forEachRemaining(name -> optional += required.contains(name) ? 0 : 1);
    each(schema, at, "properties");
  }

  private void keyword(String keyword, String at) {
    SchemaKeywords.remedy(keyword)
        .ifPresent(remedy -> refuse(at, keyword + " is not accepted", remedy));
  }

  private void type(JsonNode type, String at) {
    List<JsonNode> names = new ArrayList<>();
    if (type.isArray()) {
      type.forEach(names::add);
    } else if (!type.isMissingNode()) {
      names.add(type);
    }
    names.stream()
        .filter(name -> !TYPES.contains(name.asText()))
        .forEach(
            name ->
                refuse(
                    at,
                    "there is no type " + name.asText(),
                    Nearest.remedy(name.asText(), TYPES.stream().sorted().toList())));
  }

  private void values(JsonNode schema, String at) {
    SchemaValues.problems(schema)
        .forEach((keyword, problem) -> refuse(child(at, keyword), problem[0], problem[1]));
  }

  private void refuse(String pointer, String message, String remedy) {
    String where = pointer.isEmpty() ? "the schema" : pointer;
    faults.add(new Fault(file, json.line(pointer), where + ": " + message, remedy));
  }
}
