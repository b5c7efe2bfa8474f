package dev.caravan.settings;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.StreamSupport;

/** What structured outputs accept as values of {@code enum}, {@code format}, {@code pattern} … */
final class SchemaValues {
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
  private static final Pattern HARD_REGEX = Pattern.compile("\\(\\?<?[=!]|\\\\[1-9]|\\\\[bB]");

  private SchemaValues() {}

  /** By keyword: what is wrong, and the remedy. */
  static Map<String, String[]> problems(JsonNode schema) {
    Map<String, String[]> problems = new LinkedHashMap<>();
    JsonNode values = schema.path("enum");
    if (schema.has("enum") && (values.isEmpty() || hasContainer(values))) {
      problems.put(
          "enum", new String[] {"is not a list of texts or numbers", "Write [\"a\", \"b\"]."});
    }
    String format = schema.path("format").asText();
    if (schema.has("format") && !FORMATS.contains(format)) {
      problems.put(
          "format",
          new String[] {
            "format " + format + " is not accepted",
            Nearest.remedy(format, FORMATS.stream().sorted().toList())
          });
    }
    JsonNode minItems = schema.path("minItems");
    if (schema.has("minItems") && (!minItems.isInt() || minItems.asInt() >> 1 != 0)) {
      problems.put(
          "minItems", new String[] {"minItems can only be 0 or 1", "Say it in the description."});
    }
    String pattern = schema.path("pattern").asText();
    if (HARD_REGEX.matcher(pattern).find()) {
      problems.put(
          "pattern",
          new String[] {
            "lookaround, backreferences and \\b are not accepted in a pattern",
            "Simplify it, or say it in the description."
          });
    } else if (!compiles(pattern)) {
      problems.put("pattern", new String[] {"is not a regular expression", "Correct it."});
    }
    return problems;
  }

  private static boolean hasContainer(JsonNode values) {
    return StreamSupport.stream(values.spliterator(), false).anyMatch(JsonNode::isContainerNode);
  }

  private static boolean compiles(String pattern) {
    try {
      Pattern.compile(pattern);
      return true;
    } catch (PatternSyntaxException e) {
      return false;
    }
  }
}
