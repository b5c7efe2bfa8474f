package dev.caravan.settings;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What people write and read: {@code 5m}, {@code 200MB}, {@code 1m×2≤30m}. All readers throw {@link
 * IllegalArgumentException} or {@link ArithmeticException} on anything else.
 */
public final class Units {
  private static final Pattern DURATION = Pattern.compile("(\\d+(?:ms|s|m|h|d))+");
  private static final Pattern DURATION_PART = Pattern.compile("(\\d+)(ms|s|m|h|d)");
  private static final Pattern SIZE = Pattern.compile("(\\d+)([a-z]*)");
  private static final Pattern BACKOFF =
      Pattern.compile("(\\S+?)\\s*[×x*]\\s*(\\d+(?:\\.\\d+)?)\\s*(?:≤|<=)\\s*(\\S+)");
  private static final Map<String, Duration> DURATION_UNITS =
      Map.of(
          "ms", Duration.ofMillis(1),
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1),
          "d", Duration.ofDays(1));
  private static final Map<String, Long> SIZE_UNITS =
      Map.of(
          "",
          1L,
          "b",
          1L,
          "kb",
          1_000L,
          "kib",
          1L << 10,
          "mb",
          1_000_000L,
          "mib",
          1L << 20,
          "gb",
          1_000_000_000L,
          "gib",
          1L << 30);

  private Units() {}

  /** {@code 300ms 5s 5m 20h 30d}, also joined ({@code 1h30m}), and a bare 0. */
  public static Duration duration(String text) {
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    if (!DURATION.matcher(text).matches()) {
      throw new IllegalArgumentException(text);
    }
    Matcher part = DURATION_PART.matcher(text);
    Duration sum = Duration.ZERO;
    while (part.find()) {
      sum = sum.plus(unit(DURATION_UNITS, part.group(2)).multipliedBy(number(part.group(1))));
    }
    return sum;
  }

  /** As a setting has it: {@code 300ms}, {@code 1h30m}, {@code 0}. */
  public static String text(Duration duration) {
    StringBuilder text = new StringBuilder();
    part(text, duration.toDays(), "d");
    part(text, duration.toHoursPart(), "h");
    part(text, duration.toMinutesPart(), "m");
    part(text, duration.toSecondsPart(), "s");
    part(text, duration.toMillisPart(), "ms");
    return text.isEmpty() ? "0" : text.toString();
  }

  private static void part(StringBuilder text, long number, String unit) {
    if (number > 0) {
      text.append(number).append(unit);
    }
  }

  /** In a sentence: {@code 40 s}, {@code 5 min}, {@code 2 h 5 min}, {@code 20 h}. */
  public static String words(Duration duration) {
    if (duration.toHours() > 0) {
      return duration.toHours()
          + " h"
          + (duration.toMinutesPart() == 0 ? "" : " " + duration.toMinutesPart() + " min");
    }
    return duration.toMinutes() > 0
        ? duration.toMinutes() + " min"
        : Math.max(0, duration.toSeconds()) + " s";
  }

  /** Durations separated by commas. */
  static List<Duration> durations(String text) {
    return Pattern.compile("\\s*,\\s*").splitAsStream(text).map(Units::duration).toList();
  }

  /** Bytes of {@code 200MB} (decimal), {@code 1MiB} (binary) or a bare number. */
  static long bytes(String text) {
    Matcher size = SIZE.matcher(text.toLowerCase(Locale.ROOT));
    if (!size.matches()) {
      throw new IllegalArgumentException(text);
    }
    return Math.multiplyExact(number(size.group(1)), unit(SIZE_UNITS, size.group(2)));
  }

  /** {@code 1m×2≤30m}, in ASCII {@code 1m x2 <=30m}: first wait, factor, longest wait. */
  static Settings.Retry backoff(String text) {
    Matcher backoff = BACKOFF.matcher(text);
    if (!backoff.matches()) {
      throw new IllegalArgumentException(text);
    }
    return new Settings.Retry(
        duration(backoff.group(1)),
        new BigDecimal(backoff.group(2)).doubleValue(),
        duration(backoff.group(3)));
  }

  private static long number(String digits) {
    return Long.parseLong(digits);
  }

  private static <T> T unit(Map<String, T> units, String name) {
    T unit = units.get(name);
    if (unit == null) {
      throw new IllegalArgumentException(name);
    }
    return unit;
  }
}
