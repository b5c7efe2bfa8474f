package dev.caravan.check;

import dev.caravan.batch.Unreadable;
import dev.caravan.settings.Fault;
import dev.caravan.settings.SqlText;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads rows column by column, and remembers the columns that the driver can't read. */
final class UnreadableColumns {
  private record Column(Unreadable value, String row, int times) {
    Column again() {
      return new Column(value, row, times + 1);
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
    List<Unreadable> failed = new ArrayList<>();
    for (int i = 1; i <= meta.getColumnCount(); i++) {
      Object value = found.getObject(i);
      if (value instanceof Unreadable unreadable) {
        failed.add(unreadable);
      } else {
        row.put(SourceSample.label(meta, i), value);
      }
    }
    String name = SourceSample.name(key, row, rows);
    for (Unreadable value : failed) {
      columns.merge(value.column(), new Column(value, name, 1), (before, now) -> before.again());
    }
    return failed.isEmpty() ? Optional.of(row) : Optional.empty();
  }

  /** One fault for each column. */
  List<Fault> faults() {
    return columns.values().stream().map(this::fault).toList();
  }

  private Fault fault(Column column) {
    Unreadable value = column.value();
    return new Fault(
        file,
        sql.line(),
        "the column %s (%s) can't be read in %d of %d rows, first in %s: %s"
            .formatted(
                value.column(),
                value.type().toLowerCase(Locale.ROOT),
                column.times(),
                rows,
                column.row(),
                value.reason()),
        value.remedy() + ".");
  }
}
