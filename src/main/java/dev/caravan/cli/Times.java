package dev.caravan.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Times as people read them, in the machine's zone. */
final class Times {
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneId.systemDefault());

  private Times() {}

  static String time(@Nullable Instant instant) {
    return instant == null ? "-" : MINUTE.format(instant);
  }
}
