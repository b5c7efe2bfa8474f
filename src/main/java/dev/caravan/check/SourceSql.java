package dev.caravan.check;

import dev.caravan.settings.Fault;
import dev.caravan.settings.FaultsException;
import dev.caravan.settings.Job;
import dev.caravan.settings.Nearest;
import dev.caravan.settings.SqlText;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Runs a job's extract.sql for its first row, as if it were due now; changes nothing. */
final class SourceSql {
  private static final int TIMEOUT_SECONDS = 120;

  private final Job job;
  private final String file;
  private final DataSource reader;
  private final LocalDateTime due;
  private final List<Fault> faults = new ArrayList<>();

  SourceSql(Job job, DataSource reader, Clock clock) {
    this.job = job;
    this.file = "config/jobs/" + job.name() + "/extract.sql";
    this.reader = reader;
    this.due = LocalDateTime.now(clock.withZone(job.zone())).withNano(0);
  }

  List<Fault> faults() {
    return faults;
  }

  /** Its columns and first row; none of both when it fails. */
  SourceRow read() {
    List<SqlText> statements;
    try {
      statements = SqlText.statements(file, job.extractSql());
    } catch (FaultsException told) {
      return SourceRow.NONE;
    }
    return statements.size() == 1 ? read(statements.get(0)) : SourceRow.NONE;
  }

  private SourceRow read(SqlText sql) {
    try (Connection connection = reader.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql.jdbc())) {
      try {
        statement.setMaxRows(1);
        statement.setQueryTimeout(TIMEOUT_SECONDS);
        for (int i = 0; i < sql.parameters().size(); i++) {
          boolean night = sql.parameters().get(i).equals("night");
          statement.setObject(i + 1, night ? due.toLocalDate() : due);
        }
        try (ResultSet rows = statement.executeQuery()) {
          return checked(row(rows), sql);
        }
      } finally {
        connection.rollback();
      }
    } catch (SQLException e) {
      faults.add(
          new SqlPlace(file, sql)
              .fault(e, "Correct it, or give the account of CARAVAN_SOURCE_USER the right."));
      return SourceRow.NONE;
    }
  }

  private static SourceRow row(ResultSet rows) throws SQLException {
    SourceRow row = SourceRow.empty();
    ResultSetMetaData columns = rows.getMetaData();
    Map<String, @Nullable Object> first = new LinkedHashMap<>();
    boolean any = rows.next();
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      String label = columns.getColumnLabel(i).toLowerCase(Locale.ROOT);
      row.columns().put(label, columns.getColumnType(i));
      row.tables().put(label, columns.getTableName(i) + "." + columns.getColumnName(i));
      if (any) {
        first.put(label, rows.getObject(i));
      }
    }
    return any ? new SourceRow(row.columns(), row.tables(), first) : row;
  }

  private SourceRow checked(SourceRow row, SqlText sql) {
    for (String column : job.key()) {
      if (!row.columns().containsKey(column)) {
        String remedy = Nearest.remedy(column, row.columns().keySet());
        faults.add(
            new Fault(
                file,
                sql.line(),
                "the result has no key column " + column,
                remedy + " Select it, or change key= in job.properties."));
      } else if (row.first() != null && row.value(column) == null) {
        faults.add(
            new Fault(
                file,
                sql.line(),
                "the key column " + column + " is NULL in the first row",
                "Leave such rows out: a record without a key can't be sent."));
      }
    }
    if (row.first() == null) {
      faults.add(
          Fault.in(
                  file,
                  "gives no row now, so prompt and rules could not be tried",
                  "Check again when there is a record to send.")
              .asWarning());
    }
    return row;
  }
}
