package dev.caravan.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether the line {@code ---} of a prompt parts it as its author will have meant. */
final class PromptShape {
  private static final Pattern ALMOST =
      Pattern.compile("(?m)^[ \\t]*(?:-{2}|-{4,}|[\u2013\u2014]+|[ \\t]+---)[ \\t]*\\r?$");

  private PromptShape() {}

  /** Warnings: all of it may be meant, and none of it stops a night. */
  static List<Fault> check(String file, String text) {
    List<Fault> faults = new ArrayList<>();
    Matcher separator = PromptTemplate.SEPARATOR.matcher(text);
    if (!separator.find()) {
      Matcher almost = ALMOST.matcher(text);
      int line = almost.find() ? lineOf(text, almost.start()) : 0;
      faults.add(
          warning(
              file,
              line,
              "has no line ---, so all of it is sent with each record and nothing is cached",
              "Put what is the same for all records above a line of three dashes."));
    } else if (text.substring(0, separator.start()).isBlank()) {
      faults.add(
          warning(
              file,
              lineOf(text, separator.start()),
              "nothing stands above the line ---, so nothing is cached",
              "Put what is the same for all records above it."));
    } else if (separator.find()) {
      faults.add(
          warning(
              file,
              lineOf(text, separator.start()),
              "has a second line ---, which is sent as part of each message",
              "Only the first one parts the prompt: write *** for a rule within the text."));
    }
    return faults;
  }

  private static Fault warning(String file, int line, String message, String remedy) {
    return new Fault(file, line, message, remedy).asWarning();
  }

  private static int lineOf(String text, int at) {
    return 1 + (int) text.substring(0, at).chars().filter(c -> c == '\n').count();
  }
}
