package dev.caravan.check;

import dev.caravan.batch.Reasons;
import dev.caravan.settings.Fault;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in one line what Camel says in many, and finds the line of the file that it speaks of. */
final class CamelFailure {
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{2,}");
  private static final Pattern AT_LINE = Pattern.compile("line (\\d+)");
  private static final Set<String> COMMON =
      Set.of(
          "bean",
          "class",
          "component",
          "constant",
          "description",
          "endpoint",
          "expression",
          "file",
          "for",
          "from",
          "method",
          "name",
          "not",
          "option",
          "parameters",
          "property",
          "route",
          "simple",
          "steps",
          "text",
          "the",
          "type",
          "uri",
          "with");
  private static final int LONGEST = 400;

  private CamelFailure() {}

  static Fault fault(RouteFile file, RouteFile.Item item, Exception failure) {
    String message = message(failure);
    return new Fault(
        file.shown(),
        line(file, item, message),
        "Camel can't build this: " + message,
        "Correct it; the other routes are fine.");
  }

  /** Why it failed, in one line of bounded length. */
  static String message(Throwable failure) {
    String line = Reasons.of(failure);
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }

  /** Camel's own line; else the line that holds the longest word of the message. */
  private static int line(RouteFile file, RouteFile.Item item, String message) {
    Matcher told = AT_LINE.matcher(message);
    if (told.find()) {
      return Integer.parseInt(told.group(1));
    }
    List<String> lines = file.text().lines().toList();
    List<String> words =
        WORD.matcher(message)
            .results()
            .map(MatchResult::group)
            .filter(word -> !COMMON.contains(word.toLowerCase(Locale.ROOT)))
            .sorted((a, b) -> b.length() - a.length())
            .toList();
    for (String word : words) {
      for (int line = item.from(); line < item.to() && line <= lines.size(); line++) {
        if (lines.get(line - 1).contains(word)) {
          return line;
        }
      }
    }
    return item.node().line();
  }
}
