package dev.caravan.check;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The columns that extract.sql gives ({@link java.sql.Types} by lower-case label), the tables they
 * are of, and the first row if there is one.
 */
record SourceRow(
    Map<String, Integer> columns,
    Map<String, String> tables,
    @Nullable Map<String, @Nullable Object> first) {

  static final SourceRow NONE = new SourceRow(Map.of(), Map.of(), null);

  /** The value of a column in the first row; null where there is no row. */
  @Nullable Object value(String column) {
    return first == null ? null : first.get(column);
  }

  static SourceRow empty() {
    return new SourceRow(new LinkedHashMap<>(), new LinkedHashMap<>(), null);
  }
}
