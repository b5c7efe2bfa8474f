package dev.caravan.report;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers, amounts and texts as the report spells them, the same on every machine. */
public final class Words {
  private Words() {}

  static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** {@code 3 records}, {@code 1 batch}. */
  public static String count(long number, String word) {
    String plural = word.endsWith("h") ? word + "es" : word + "s";
    return number(number) + " " + (number == 1 ? word : plural);
  }

  /** The text in one line without control characters, clipped. */
  public static String line(String text, int max) {
    String line = text.replaceAll("[\\p{Cntrl}\\s\\u2028\\u2029]+", " ").strip();
    if (line.length() <= max) {
      return line;
    }
    int end = Character.isHighSurrogate(line.charAt(max - 1)) ? max - 1 : max;
    return line.substring(0, end).stripTrailing() + "…";
  }

  static boolean blank(@Nullable String text) {
    return text == null || text.isBlank();
  }

  /** A word of a command, quoted so that a shell takes it as it is. */
  public static String shell(String word) {
    return word.matches("[A-Za-z0-9._/@:-]+") && !word.startsWith("-")
        ? word
        : "'" + word.replace("'", "'\\''") + "'";
  }
}
