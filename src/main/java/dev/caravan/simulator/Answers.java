package dev.caravan.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The script of answers: the newest rule whose expressions match answers; without one, an answer
 * that fits the schema.
 */
final class Answers {
  private final List<Rule> rules = new CopyOnWriteArrayList<>();
  private final SchemaAnswer otherwise = new SchemaAnswer();

  void add(Pattern customId, Function<Asked, String> answer) {
    rules.add(0, new Rule(asked -> customId.matcher(asked.customId()).find(), answer));
  }

  /**
   * Adds the rules of a JSON array, or of {@code {"answers":[…]}}; an entry has {@code custom_id}
   * and/or {@code prompt} (regular expressions) and {@code answer} (JSON, or a string sent as it
   * is).
   *
   * @throws IllegalArgumentException saying which entry cannot be read; then none is added
   */
  void add(JsonNode json) {
    JsonNode list = json.has("answers") ? json.get("answers") : json;
    List<Rule> read =
        (list.isArray() ? list.valueStream() : List.of(list).stream()).map(Answers::rule).toList();
    rules.addAll(0, read);
  }

  void clear() {
    rules.clear();
  }

  int size() {
    return rules.size();
  }

  String to(Asked asked) {
    for (Rule rule : rules) {
      if (rule.matches.apply(asked)) {
        return rule.answer.apply(asked);
      }
    }
    return otherwise.to(asked);
  }

  private static Rule rule(JsonNode entry) {
    if (!entry.has("answer")) {
      throw new IllegalArgumentException("the entry lacks 'answer': " + entry);
    }
    try {
      Pattern customId = Pattern.compile(entry.path("custom_id").asText(""));
      Pattern prompt = Pattern.compile(entry.path("prompt").asText(""));
      JsonNode answer = entry.get("answer");
      String text = answer.isTextual() ? answer.asText() : answer.toString();
      return new Rule(
          asked ->
              customId.matcher(asked.customId()).find() && prompt.matcher(asked.prompt()).find(),
          asked -> text);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "'" + e.getPattern() + "' is not a regular expression: " + e.getDescription(), e);
    }
  }

  private record Rule(Function<Asked, Boolean> matches, Function<Asked, String> answer) {}
}
