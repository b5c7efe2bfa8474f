package dev.caravan.ledger;

import dev.caravan.batch.BatchState;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The columns of one row that an update sets. */
final class Change {
  private static final int MAX_CAUSE = 100;
  private static final int MAX_TEXT = 4000;

  private final Map<String, @Nullable Object> columns = new LinkedHashMap<>();

  static Change to(BatchState state) {
    return new Change().set("state", state.text());
  }

  Change set(String column, @Nullable Object value) {
    int most = column.equals("cause") ? MAX_CAUSE : MAX_TEXT;
    columns.put(column, value instanceof String text ? Clipped.to(most, text) : value);
    return this;
  }

  Change leased(String owner, Instant now) {
    return set("owner", owner).set("lease_until", Utc.of(now.plus(Leases.LENGTH)));
  }

  Change unleased() {
    return set("owner", null).set("lease_until", null);
  }

  String assignments() {
    return columns.keySet().stream()
        .map(column -> column + " = :" + column)
        .collect(Collectors.joining(", "));
  }

  Map<String, @Nullable Object> values() {
    return columns;
  }
}
