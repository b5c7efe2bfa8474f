package dev.caravan.batch;

import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The hashes that a row had before {@link RowHash}: over values as drivers gave them, which
 * depended on the zone of the machine. They are compared, never stored, so that an upgrade sends
 * nothing again.
 */
public final class OldFormula {
  /** Types whose driver object printed as the database's own text. */
  private static final Set<String> AS_TEXT =
      Set.of(
          "numeric",
          "json",
          "jsonb",
          "inet",
          "cidr",
          "macaddr",
          "macaddr8",
          "varbit",
          "tsvector",
          "tsquery",
          "pg_lsn",
          "jsonpath",
          "ltree",
          "int4range",
          "int8range",
          "numrange",
          "daterange",
          "tsrange",
          "_text",
          "_varchar",
          "_int2",
          "_int4",
          "_int8",
          "_numeric",
          "_uuid",
          "_bool",
          "_date");

  private OldFormula() {}

  /** Zones in which an earlier night may have read the row. */
  private static Stream<ZoneId> zones(ZoneId job) {
    return Stream.of(ZoneId.systemDefault(), ZoneId.of("UTC"), job).distinct();
  }

  /**
   * Whether a row is the one that an old hash was made of; also when its values do not tell, since
   * nothing may be paid again for that.
   */
  public static boolean unchanged(String oldHash, Map<String, @Nullable Object> row, ZoneId job) {
    if (!row.values().stream().allMatch(OldFormula::isKnown)) {
      return true;
    }
    return zones(job).anyMatch(zone -> rowHash(row, zone).equals(oldHash));
  }

  private static String rowHash(Map<String, @Nullable Object> row, ZoneId zone) {
    StringBuilder canonical = new StringBuilder("[");
    row.forEach(
        (column, value) -> {
          canonical.append(canonical.length() == 1 ? "" : ",");
          Canonical.quoted(canonical, column);
          canonical.append(',');
          Canonical.json(canonical, old(value, zone));
        });
    return Canonical.sha256(canonical.append("]").toString());
  }

  /**
   * The hash that the key of this row had, where it was another one and no second row could have
   * had it.
   */
  public static Optional<String> keyHash(List<String> columns, Map<String, @Nullable Object> row) {
    if (columns.stream().noneMatch(column -> mayDiffer(row.get(column)))) {
      return Optional.empty();
    }
    ZoneId zone = ZoneId.systemDefault();
    List<@Nullable Object> values = columns.stream().map(row::get).collect(Collectors.toList());
    if (!values.stream().allMatch(value -> isKnown(value) && isAlone(value, zone))) {
      return Optional.empty();
    }
    String canonical =
        values.stream()
            .map(
                value -> {
                  StringBuilder json = new StringBuilder();
                  Canonical.json(json, old(value, zone));
                  return json.toString();
                })
            .collect(Collectors.joining(",", "[", "]"));
    return Optional.of(Canonical.sha256(canonical));
  }

  /** Whether the old hash cut digits off, so that only the whole row tells which record it was. */
  public static boolean cutsDigits(List<String> columns, Map<String, @Nullable Object> row) {
    return columns.stream()
        .map(row::get)
        .anyMatch(value -> value instanceof LocalTime time && time.getNano() != 0);
  }

  private static boolean mayDiffer(@Nullable Object value) {
    return value instanceof Byte
        || value instanceof OffsetDateTime
        || (value instanceof LocalTime time && time.getNano() != 0)
        || (value instanceof DatabaseText text && isYear(text));
  }

  /** False for a value that shared its old text with others. */
  private static boolean isAlone(@Nullable Object value, ZoneId zone) {
    if (value instanceof Byte flag) {
      return flag == 0;
    }
    if (value instanceof OffsetDateTime instant) {
      return zone.getRules().getValidOffsets(local(instant, zone)).size() == 1;
    }
    return !(value instanceof LocalDateTime time)
        || !zone.getRules().getValidOffsets(time).isEmpty();
  }

  private static boolean isKnown(@Nullable Object value) {
    if (value instanceof DatabaseText text) {
      return AS_TEXT.contains(text.type()) || isYear(text);
    }
    return !(value instanceof OffsetTime) && !(value instanceof Unreadable);
  }

  private static boolean isYear(DatabaseText text) {
    return text.type().toUpperCase(Locale.ROOT).equals("YEAR");
  }

  private static @Nullable Object old(@Nullable Object value, ZoneId zone) {
    if (value instanceof Byte flag) {
      return flag != 0;
    }
    if (value instanceof OffsetDateTime instant) {
      return local(instant, zone);
    }
    if (value instanceof LocalDateTime time) {
      return time.atZone(zone).toLocalDateTime();
    }
    if (value instanceof LocalTime time) {
      return time.truncatedTo(ChronoUnit.SECONDS);
    }
    return value instanceof DatabaseText text && isYear(text) ? text + "-01-01" : value;
  }

  private static LocalDateTime local(OffsetDateTime instant, ZoneId zone) {
    return instant.atZoneSameInstant(zone).toLocalDateTime();
  }
}
