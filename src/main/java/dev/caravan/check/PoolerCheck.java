package dev.caravan.check;

import dev.caravan.ledger.Vendor;
import dev.caravan.settings.Fault;
import dev.caravan.settings.Settings;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Whether a pooler that gives a connection another server process for each transaction stands
 * before PostgreSQL, while the driver would keep prepared statements: they'd be gone at night.
 */
final class PoolerCheck {
  private PoolerCheck() {}

  /** {@code variables} is how the names of its environment variables begin. */
  static List<Fault> faults(String variables, Settings.Database database) {
    if (Vendor.of(database.url()) != Vendor.POSTGRESQL
        || database.url().contains("prepareThreshold=0")) {
      return List.of();
    }
    try (Connection one = DatabaseAccess.connect(database);
        Connection other = DatabaseAccess.connect(database)) {
      int first = process(one);
      other.setAutoCommit(false);
      // where connections share processes, this one keeps the process that has just become free
      int kept = process(other);
      boolean shared = first == kept || process(one) != first;
      other.rollback();
      return shared ? List.of(fault(variables, database)) : List.of();
    } catch (SQLException e) {
      return List.of();
    }
  }

  private static int process(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select pg_backend_pid()")) {
      row.next();
      return row.getInt(1);
    }
  }

  private static Fault fault(String variables, Settings.Database database) {
    String url = database.url();
    return Fault.in(
        variables + "URL",
        "the "
            + database.shown()
            + " stands behind a pooler (such as pgbouncer with pool_mode=transaction), where"
            + " prepared statements of the driver get lost in the middle of a night",
        "Add " + (url.contains("?") ? "&" : "?") + "prepareThreshold=0 to the URL.");
  }
}
