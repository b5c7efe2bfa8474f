package dev.caravan.check;

import dev.caravan.batch.Reasons;
import dev.caravan.batch.Unreadable;
import dev.caravan.settings.Fault;
import dev.caravan.settings.SqlText;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads rows column by column, and remembers the columns that the driver can't read. */
final class UnreadableColumns {
  private record Column(String type, String row, String reason, int times) {
    Column again() {
      return new Column(type, row, reason, times + 1);
    }
  }

  private final String file;
  private final SqlText sql;
  private final List<String> key;
  private final Map<String, Column> columns = new LinkedHashMap<>();
  private int rows;

  UnreadableColumns(String file, SqlText sql, List<String> key) {
    this.file = file;
    this.sql = sql;
    this.key = key;
  }

  /** The row by lower-case label; empty when one of its columns can't be read. */
  Optional<Map<String, @Nullable Object>> read(ResultSet found) throws SQLException {
    rows++;
    ResultSetMetaData meta = found.getMetaData();
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    Map<Integer, String> failed = new LinkedHashMap<>();
    for (int i = 1; i <= meta.getColumnCount(); i++) {
      try {
        // of two columns with one label the night takes one, too
        Object value = found.getObject(i);
        if (value instanceof Unreadable unreadable) {
          failed.put(i, unreadable.reason());
        } else {
          row.put(SourceSample.label(meta, i), value);
        }
      } catch (SQLException | RuntimeException e) {
        failed.put(i, Reasons.of(e));
      }
    }
    for (Map.Entry<Integer, String> column : failed.entrySet()) {
      String type = meta.getColumnTypeName(column.getKey());
      String name = SourceSample.name(key, row, rows);
      columns.merge(
          SourceSample.label(meta, column.getKey()),
          new Column(type, name, column.getValue(), 1),
          (before, now) -> before.again());
    }
    return failed.isEmpty() ? Optional.of(row) : Optional.empty();
  }

  /** One fault for each column. */
  List<Fault> faults() {
    return columns.entrySet().stream().map(e -> fault(e.getKey(), e.getValue())).toList();
  }

  private Fault fault(String label, Column column) {
    String type = column.type().toLowerCase(Locale.ROOT);
    return new Fault(
        file,
        sql.line(),
        "the column %s (%s) can't be read in %d of %d rows, first in %s: %s"
            .formatted(label, type, column.times(), rows, column.row(), column.reason()),
        "Select it as text: cast(%1$s as char(100)) as %1$s, on PostgreSQL %1$s::text as %1$s."
            .formatted(label));
  }
}
