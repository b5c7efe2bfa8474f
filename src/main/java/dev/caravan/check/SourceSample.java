package dev.caravan.check;

import dev.caravan.batch.RecordKey;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What extract.sql gives: its columns ({@link java.sql.Types} by lower-case label), the tables they
 * are of, and the first rows of which every column can be read.
 *
 * @param repeated labels that several columns have, with the columns of tables that they are
 */
record SourceSample(
    Map<String, Integer> columns,
    Map<String, String> tables,
    Map<String, String> repeated,
    List<Map<String, @Nullable Object>> rows) {

  static final SourceSample NONE = new SourceSample(Map.of(), Map.of(), Map.of(), List.of());

  static SourceSample of(ResultSetMetaData meta, List<Map<String, @Nullable Object>> rows)
      throws SQLException {
    Map<String, Integer> columns = new LinkedHashMap<>();
    Map<String, String> tables = new LinkedHashMap<>();
    Map<String, String> repeated = new LinkedHashMap<>();
    for (int i = 1; i <= meta.getColumnCount(); i++) {
      String label = label(meta, i);
      String origin = meta.getTableName(i) + "." + meta.getColumnName(i);
      String before = tables.put(label, origin);
      if (before != null) {
        repeated.merge(label, before + " and " + origin, (a, b) -> a + " and " + origin);
      }
      columns.put(label, meta.getColumnType(i));
    }
    return new SourceSample(columns, tables, repeated, rows);
  }

  static String label(ResultSetMetaData meta, int column) throws SQLException {
    return meta.getColumnLabel(column).toLowerCase(Locale.ROOT);
  }

  /** The first value of a column that is not NULL; null where there is none. */
  @Nullable Object value(String column) {
    return rows.stream()
        .map(row -> row.get(column))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /** How a message names a row: by its key, or by its place where that is NULL. */
  static String name(List<String> key, Map<String, @Nullable Object> row, int place) {
    return RecordKey.of(key, row).map(k -> "record " + k.text()).orElse("row " + place);
  }
}
