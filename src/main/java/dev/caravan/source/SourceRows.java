package dev.caravan.source;

import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows of a {@link SourceDataSource} as routes, prompts and keys see them. */
public final class SourceRows {
  private SourceRows() {}

  /** With lower-case labels, and instants in the job's zone. */
  public static Map<String, @Nullable Object> of(
      Map<String, ? extends @Nullable Object> row, ZoneId zone) {
    Map<String, @Nullable Object> seen = new LinkedHashMap<>();
    row.forEach((label, value) -> seen.put(label.toLowerCase(Locale.ROOT), inZone(value, zone)));
    return seen;
  }

  private static @Nullable Object inZone(@Nullable Object value, ZoneId zone) {
    return value instanceof OffsetDateTime instant
        ? instant.atZoneSameInstant(zone).toOffsetDateTime()
        : value;
  }
}
