package dev.caravan.source;

import dev.caravan.batch.DatabaseText;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.util.Calendar;
import java.util.Locale;
import java.util.TimeZone;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads the values of one column. All but bytes are made of the text that the database sends: no
 * driver, zone or calendar of this machine has a part in them. What has no Java value of its type
 * (a date before Christ, infinity, a time of 24 hours, NaN) stays that text.
 */
final class ValueReader {
  private final ColumnType type;
  private final ZoneOffset session;
  private final Calendar utc = Calendar.getInstance(TimeZone.getTimeZone("UTC"), Locale.ROOT);

  /** {@code session} is the offset in which the database shows instants without one. */
  ValueReader(ColumnType type, ZoneOffset session) {
    this.type = type;
    this.session = session;
  }

  @Nullable Object read(ResultSet rows, int index) throws SQLException {
    switch (type.kind()) {
      case BYTES:
        return rows.getBytes(index);
      case BOOLEAN:
        boolean value = rows.getBoolean(index);
        return rows.wasNull() ? null : (Object) value;
      case BITS:
        byte[] bits = rows.getBytes(index);
        return bits == null ? null : bits(bits);
      case LOCAL, SESSION_INSTANT:
        return mariaDb(rows, index);
      default:
        String text = rows.getString(index);
        return text == null ? null : value(text);
    }
  }

  private Object value(String text) {
    Object parsed =
        switch (type.kind()) {
          case TINY, SMALL, INTEGER, LONG -> whole(text);
          case DECIMAL -> decimal(text);
          case REAL -> Float.valueOf(text);
          case DOUBLE -> Double.valueOf(text);
          case UUID -> UUID.fromString(text);
          case DATE -> SqlTimes.parse(SqlTimes.DATE, text, LocalDate::from);
          case TIME -> SqlTimes.parse(SqlTimes.TIME, text, LocalTime::from);
          case OFFSET_TIME -> SqlTimes.parse(SqlTimes.OFFSET_TIME, text, OffsetTime::from);
          case DATE_TIME -> SqlTimes.dateTime(text);
          case INSTANT -> SqlTimes.parse(SqlTimes.INSTANT, text, OffsetDateTime::from);
          case ZONED_TEXT -> new DatabaseText(type.name(), SqlTimes.inUtc(text));
          case TEXT -> null;
          default -> text;
        };
    return parsed == null ? new DatabaseText(type.name(), text) : parsed;
  }

  private Number whole(String text) {
    BigInteger number = new BigInteger(text);
    return switch (type.kind()) {
      case TINY ->
          number.bitLength() < Byte.SIZE ? (Number) number.byteValue() : number.intValueExact();
      case SMALL -> number.shortValueExact();
      case INTEGER ->
          number.bitLength() < Integer.SIZE ? (Number) number.intValue() : number.longValue();
      default -> number.bitLength() < Long.SIZE ? (Number) number.longValue() : number;
    };
  }

  /** Null for NaN and infinity. */
  private static @Nullable BigDecimal decimal(String text) {
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** Its driver's text has gone through the calendar of this machine, unless it is no time. */
  private @Nullable Object mariaDb(ResultSet rows, int index) throws SQLException {
    String text = rows.getString(index);
    if (text == null || SqlTimes.dateTime(text) == null) {
      return text == null ? null : new DatabaseText(type.name(), text);
    }
    OffsetDateTime time = rows.getTimestamp(index, utc).toInstant().atOffset(ZoneOffset.UTC);
    LocalDateTime local = time.toLocalDateTime();
    return type.kind() == ColumnType.Kind.LOCAL ? local : (Object) local.atOffset(session);
  }

  /** The bits of a bit(5) are five digits. */
  private DatabaseText bits(byte[] value) {
    String bits = new BigInteger(1, value).toString(2);
    return new DatabaseText(
        "bit", "0".repeat(Math.max(0, type.precision() - bits.length())) + bits);
  }
}
