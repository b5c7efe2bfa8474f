package dev.caravan.settings;

import java.text.ParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.quartz.CronExpression;

/**
 * Reads the values of {@code job.properties}; {@link IllegalArgumentException} on anything else.
 */
final class JobValues {
  private JobValues() {}

  /** Columns separated by commas, lower case. */
  static List<String> columns(String text) {
    List<String> columns =
        Arrays.stream(text.toLowerCase(Locale.ROOT).split(",", -1)).map(String::strip).toList();
    if (!columns.stream().allMatch(column -> column.matches("[a-z_][a-z0-9_]*"))
        || columns.stream().distinct().count() < columns.size()) {
      throw new IllegalArgumentException(text);
    }
    return columns;
  }

  static String cron(String text) {
    try {
      return new CronExpression(text).getCronExpression();
    } catch (ParseException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  static Job.WhenChanged whenChanged(String text) {
    return Job.WhenChanged.valueOf(text.toUpperCase(Locale.ROOT));
  }

  static Job.Cache cache(String text) {
    return switch (text) {
      case "off" -> Job.Cache.OFF;
      case "5m" -> Job.Cache.FIVE_MINUTES;
      case "1h" -> Job.Cache.ONE_HOUR;
      default -> throw new IllegalArgumentException(text);
    };
  }

  static Thinking.Wanted thinking(String text) {
    return switch (text) {
      case "on" -> Thinking.Wanted.ON;
      case "off" -> Thinking.Wanted.OFF;
      default -> throw new IllegalArgumentException(text);
    };
  }

  static boolean severalRows(String text) {
    return switch (text) {
      case "allow" -> true;
      case "reject" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }
}
