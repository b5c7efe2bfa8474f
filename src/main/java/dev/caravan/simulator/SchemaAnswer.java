package dev.caravan.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An answer that fits the request's schema, the same for the same prompt: numbers are echoed from
 * where the prompt names them, enums go by words in common, the rest by a hash.
 */
final class SchemaAnswer {
  private static final Pattern AMOUNT =
      Pattern.compile("(?i)(?:amount|total|sum|betrag)\\D{0,24}?(-?\\d[\\d,]*(?:\\.\\d+)?)");
  private static final BigDecimal APPROVAL_LIMIT = new BigDecimal(10_000);

  String to(Asked asked) {
    JsonNode schema = asked.schema();
    String prompt = asked.prompt();
    if (schema == null) {
      return "Understood. " + sentence("summary", prompt);
    }
    return value("", schema, schema, prompt).toString();
  }

  private JsonNode value(String name, JsonNode schema, JsonNode root, String prompt) {
    if (schema.has("$ref")) {
      return value(name, root.at(schema.get("$ref").asText().substring(1)), root, prompt);
    }
    if (schema.has("const")) {
      return schema.get("const");
    }
    if (schema.has("enum")) {
      return choice(name, schema.get("enum"), prompt);
    }
    for (String union : List.of("anyOf", "allOf", "oneOf")) {
      if (schema.path(union).size() > 0) {
        return value(name, schema.get(union).get(0), root, prompt);
      }
    }
    JsonNode type = schema.path("type");
    return switch (type.isArray() ? type.get(0).asText() : type.asText()) {
      case "object" -> object(schema, root, prompt);
      case "array" -> array(name, schema, root, prompt);
      case "integer" -> Json.MAPPER.valueToTree(number(name, prompt).longValue());
      case "number" -> Json.MAPPER.valueToTree(number(name, prompt));
      case "boolean" -> Json.MAPPER.valueToTree(decision(name, prompt));
      case "null" -> Json.MAPPER.nullNode();
      default -> TextNode.valueOf(text(name, schema.path("format").asText(), prompt));
    };
  }

  private ObjectNode object(JsonNode schema, JsonNode root, String prompt) {
    ObjectNode object = Json.object();
    schema
        .path("properties")
        .properties()
        .forEach(
            property ->
                object.set(
                    property.getKey(),
                    value(property.getKey(), property.getValue(), root, prompt)));
    return object;
  }

  private ArrayNode array(String name, JsonNode schema, JsonNode root, String prompt) {
    ArrayNode array = Json.MAPPER.createArrayNode();
    return array.add(value(name, schema.path("items"), root, prompt));
  }

  private static JsonNode choice(String name, JsonNode values, String prompt) {
    String text = prompt.toLowerCase(Locale.ROOT);
    List<JsonNode> named = new ArrayList<>();
    for (JsonNode value : values) {
      for (String word : value.asText().toLowerCase(Locale.ROOT).split("[^a-z0-9]+", -1)) {
        if (word.length() > 2 && text.contains(word) && !named.contains(value)) {
          named.add(value);
        }
      }
    }
    // a prompt that lists all choices says nothing about which one
    boolean telling = !named.isEmpty() && named.size() < values.size();
    return telling
        ? named.get(pick(name + prompt, named.size()))
        : values.get(pick(name + prompt, values.size()));
  }

  private static BigDecimal number(String name, String prompt) {
    Matcher own =
        Pattern.compile("(?i)" + label(name) + "\\D{0,8}?(-?\\d[\\d,]*(?:\\.\\d+)?)")
            .matcher(prompt);
    if (!name.isEmpty() && own.find()) {
      return decimal(own.group(1));
    }
    boolean money = name.matches("(?i).*(amount|total|sum|price).*");
    Matcher amount = AMOUNT.matcher(prompt);
    if (money && amount.find()) {
      return decimal(amount.group(1));
    }
    return name.matches("(?i).*(confidence|score|probability).*")
        ? BigDecimal.valueOf(60 + pick(name + prompt, 40), 2)
        : BigDecimal.valueOf(pick(name + prompt, 100));
  }

  private static boolean decision(String name, String prompt) {
    Matcher amount = AMOUNT.matcher(prompt);
    if (name.matches("(?i).*approv.*") && amount.find()) {
      return decimal(amount.group(1)).compareTo(APPROVAL_LIMIT) > 0;
    }
    return pick(name + prompt, 2) == 1;
  }

  private static String text(String name, String format, String prompt) {
    return switch (format) {
      case "date" -> "2026-11-20";
      case "date-time" -> "2026-11-20T06:00:00Z";
      case "time" -> "06:00:00Z";
      case "duration" -> "P1D";
      case "email" -> "someone@example.com";
      case "uri" -> "https://example.com/";
      case "hostname" -> "example.com";
      case "ipv4" -> "192.0.2.1";
      case "ipv6" -> "2001:db8::1";
      case "uuid" -> new java.util.UUID(0, pick(name + prompt, Integer.MAX_VALUE)).toString();
      default -> labelled(name, prompt).orElseGet(() -> sentence(name, prompt));
    };
  }

  /** What stands behind {@code name:} or {@code name=} in the prompt. */
  private static Optional<String> labelled(String name, String prompt) {
    Matcher own =
        Pattern.compile("(?im)^\\W*" + label(name) + "\"?\\s*[:=]\\s*(\\S.{0,80})$")
            .matcher(prompt);
    return !name.isEmpty() && own.find()
        ? Optional.of(own.group(1).replaceAll("^\"|\"?,?\\s*$", ""))
        : Optional.empty();
  }

  private static String label(String name) {
    return Pattern.quote(name).replace("_", "\\E[_ ]?\\Q");
  }

  private static String sentence(String name, String prompt) {
    String subject =
        prompt.substring(0, Math.min(prompt.length(), 200)).strip().replaceAll("\\s+", " ");
    String start = subject.length() > 60 ? subject.substring(0, 60).strip() + "…" : subject;
    return "Simulated " + name.replace('_', ' ') + " for: " + start;
  }

  private static BigDecimal decimal(String digits) {
    return new BigDecimal(digits.replace(",", ""));
  }

  private static int pick(String text, int size) {
    return Math.floorMod(text.hashCode() * 31 + 17, size);
  }
}
