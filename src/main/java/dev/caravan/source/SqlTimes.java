package dev.caravan.source;

import static java.time.temporal.ChronoField.DAY_OF_MONTH;
import static java.time.temporal.ChronoField.MONTH_OF_YEAR;
import static java.time.temporal.ChronoField.NANO_OF_SECOND;
import static java.time.temporal.ChronoField.YEAR;

import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.format.SignStyle;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQuery;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Dates and times as databases write them; years of four digits, nothing before Christ. */
final class SqlTimes {
  private static final int NANO_DIGITS = 9;

  static final DateTimeFormatter DATE =
      format(
          new DateTimeFormatterBuilder()
              .appendValue(YEAR, 4, 4, SignStyle.NOT_NEGATIVE)
              .appendLiteral('-')
              .appendValue(MONTH_OF_YEAR, 2)
              .appendLiteral('-')
              .appendValue(DAY_OF_MONTH, 2));

  static final DateTimeFormatter TIME =
      format(
          new DateTimeFormatterBuilder()
              .appendPattern("HH:mm:ss")
              .appendFraction(NANO_OF_SECOND, 0, NANO_DIGITS, true));

  static final DateTimeFormatter OFFSET_TIME =
      format(new DateTimeFormatterBuilder().append(TIME).appendOffset("+HH:mm:ss", "+00"));

  private static final DateTimeFormatter DATE_TIME =
      format(new DateTimeFormatterBuilder().append(DATE).appendLiteral(' ').append(TIME));

  static final DateTimeFormatter INSTANT =
      format(new DateTimeFormatterBuilder().append(DATE_TIME).appendOffset("+HH:mm:ss", "+00"));

  private static final Pattern INSTANT_TEXT =
      Pattern.compile(
          "\\d{4,}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(\\.\\d+)?[+-]\\d\\d(:\\d\\d){0,2}(?! BC)");

  private SqlTimes() {}

  private static DateTimeFormatter format(DateTimeFormatterBuilder builder) {
    return builder.toFormatter(Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);
  }

  /** Null for a text that is something else, such as {@code infinity} or {@code 0000-00-00}. */
  static <T> @Nullable T parse(DateTimeFormatter format, String text, TemporalQuery<T> type) {
    try {
      TemporalAccessor parsed = format.parse(text);
      return parsed.isSupported(YEAR) && parsed.get(YEAR) == 0 ? null : type.queryFrom(parsed);
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  static @Nullable LocalDateTime dateTime(String text) {
    return parse(DATE_TIME, text, LocalDateTime::from);
  }

  /** The text with every instant in it as a session in UTC would show it. */
  static String inUtc(String text) {
    return INSTANT_TEXT
        .matcher(text)
        .replaceAll(
            found -> {
              OffsetDateTime instant = parse(INSTANT, found.group(), OffsetDateTime::from);
              return instant == null
                  ? found.group()
                  : INSTANT.format(instant.withOffsetSameInstant(ZoneOffset.UTC));
            });
  }
}
