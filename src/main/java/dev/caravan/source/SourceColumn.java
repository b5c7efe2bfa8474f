package dev.caravan.source;

import dev.caravan.batch.Unreadable;
import dev.caravan.ledger.Vendor;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One column of a query and how its values are read. */
final class SourceColumn {
  private static final String DUPLICATE_COLUMN = "42701";

  private final int index;
  private final String label;
  private final Vendor vendor;
  private final String type;
  private final ValueReader reader;

  private SourceColumn(int index, String label, Vendor vendor, String type, ValueReader reader) {
    this.index = index;
    this.label = label;
    this.vendor = vendor;
    this.type = type;
    this.reader = reader;
  }

  /**
   * The columns of a result.
   *
   * @throws SQLException when two of them have one name, in whatever case
   */
  static SourceColumn[] of(ResultSet rows, Vendor vendor, ZoneOffset session) throws SQLException {
    ResultSetMetaData types = rows.getMetaData();
    SourceColumn[] columns = new SourceColumn[types.getColumnCount()];
    Set<String> labels = new HashSet<>();
    for (int i = 1; i <= columns.length; i++) {
      String label = types.getColumnLabel(i).toLowerCase(Locale.ROOT);
      if (!labels.add(label)) {
        throw new SQLException(
            "extract.sql gives two columns named "
                + label
                + ", and only one could be seen. Leave one out, or name it with as",
            DUPLICATE_COLUMN);
      }
      ColumnType type = ColumnType.of(types, i, vendor);
      columns[i - 1] =
          new SourceColumn(i, label, vendor, type.name(), new ValueReader(type, session));
    }
    return columns;
  }

  /** The value in the current row. */
  @Nullable Object read(ResultSet rows) throws SQLException {
    try {
      return reader.read(rows, index);
    } catch (SQLException e) {
      if (isConnectionLost(e)) {
        throw e;
      }
      return unreadable(e);
    } catch (RuntimeException e) {
      return unreadable(e);
    }
  }

  private static boolean isConnectionLost(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return state.startsWith("08") || state.startsWith("57") || state.startsWith("58");
  }

  private Unreadable unreadable(Exception e) {
    String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    String remedy =
        "Write " + vendor.asText(label) + " as " + label + " in extract.sql, or leave it out";
    return new Unreadable(label, type, reason.strip().replaceAll("\\s*\\R\\s*", " "), remedy);
  }
}
