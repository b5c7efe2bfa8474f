package dev.caravan.architecture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersionDetector;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The explicit form of Camel's YAML, which newer versions demand: Camel's own schema, and beyond it
 * no short forms that the schema of this version still allows.
 */
final class CanonicalForm {
  private static final Set<String> TOP_LEVEL =
      Set.of("route", "routeConfiguration", "routeTemplate", "templatedRoute", "beans", "rest");
  private static final Set<String> WITH_EXPRESSION =
      Set.of(
          "setBody",
          "setHeader",
          "setVariable",
          "setProperty",
          "transform",
          "validate",
          "filter",
          "when",
          "split",
          "loop",
          "delay",
          "throttle",
          "enrich",
          "pollEnrich",
          "recipientList",
          "routingSlip",
          "dynamicRouter",
          "idempotentConsumer",
          "resequence",
          "sort",
          "onWhen");
  private static final Set<String> LANGUAGES =
      Set.of(
          "simple",
          "constant",
          "jsonpath",
          "method",
          "header",
          "variable",
          "exchangeProperty",
          "ref",
          "language",
          "tokenize",
          "xpath",
          "xquery",
          "csimple",
          "jq",
          "datasonnet",
          "spel");
  private static final JsonSchema SCHEMA = schema();

  private CanonicalForm() {}

  static List<String> faults(RouteFile file) {
    var faults = new ArrayList<String>();
    var where = file.path() + ": ";
    if (!file.content().isArray()) {
      return List.of(where + "is no list of routes");
    }
    for (var item : file.content()) {
      item.fieldNames()
          .forEachRemaining(
              name -> {
                if (!TOP_LEVEL.contains(name)) {
                  faults.add(
                      where
                          + "top level '"
                          + name
                          + "' belongs into a route or routeConfiguration");
                }
              });
    }
    RouteFile.steps(file.content()).stream()
        .filter(step -> !isExplicitStep(step))
        .forEach(step -> faults.add(where + "short form of a step: " + step));
    RouteFile.walk(file.content(), (key, value) -> checkNode(where, key, value, faults));
    if (faults.isEmpty()) {
      schemaFaults(file.content()).forEach(fault -> faults.add(where + fault));
    }
    return faults;
  }

  private static boolean isExplicitStep(JsonNode step) {
    return step.isObject() && step.size() == 1 && step.iterator().next().isObject();
  }

  private static void checkNode(String where, String key, JsonNode value, List<String> faults) {
    if (key.equals("expression") && value.isObject()) {
      value.properties().stream()
          .filter(language -> LANGUAGES.contains(language.getKey()))
          .filter(language -> !language.getValue().isObject())
          .forEach(language -> faults.add(where + "short form of an expression: " + language));
    }
    if (WITH_EXPRESSION.contains(key)) {
      (value.isArray() ? value : List.of(value))
          .forEach(
              one ->
                  one.fieldNames()
                      .forEachRemaining(
                          name -> {
                            if (LANGUAGES.contains(name)) {
                              faults.add(where + key + ": '" + name + "' belongs under expression");
                            }
                          }));
    }
    if (key.equals("from") && !value.isObject()) {
      faults.add(where + "short form of from: " + value);
    }
    if (key.equals("uri") && value.asText().contains("?")) {
      faults.add(where + "options belong under parameters: " + value.asText());
    }
  }

  private static List<String> schemaFaults(JsonNode content) {
    var filled = content.deepCopy();
    SCHEMA.validate(filled).forEach(message -> fill(message, filled));
    return SCHEMA.validate(filled).stream().map(ValidationMessage::getMessage).sorted().toList();
  }

  /** A setting may stand where the schema wants a number or a boolean; it is text until start. */
  private static void fill(ValidationMessage message, JsonNode content) {
    var node = message.getInstanceNode();
    if (!message.getType().equals("type") || !node.asText().matches("\\{\\{.+}}")) {
      return;
    }
    var path = message.getInstanceLocation();
    var parent = (ObjectNode) at(content, path.getParent());
    boolean wantsBoolean = message.getMessage().contains("boolean expected");
    parent.set(path.getName(-1), wantsBoolean ? BooleanNode.TRUE : IntNode.valueOf(1));
  }

  private static JsonNode at(JsonNode content, com.networknt.schema.JsonNodePath path) {
    var node = content;
    for (int i = 0; i < path.getNameCount(); i++) {
      var element = path.getElement(i);
      node = element instanceof Integer index ? node.path(index) : node.path(element.toString());
    }
    return node;
  }

  private static JsonSchema schema() {
    try (var json =
        CanonicalForm.class.getClassLoader().getResourceAsStream("schema/camelYamlDsl.json")) {
      if (json == null) {
        throw new IllegalStateException("camel-yaml-dsl brings no schema/camelYamlDsl.json");
      }
      var tree = new ObjectMapper().readTree(json);
      return JsonSchemaFactory.getInstance(SpecVersionDetector.detect(tree)).getSchema(tree);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
