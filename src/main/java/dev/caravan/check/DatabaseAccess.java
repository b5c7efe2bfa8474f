package dev.caravan.check;

import dev.caravan.ledger.SqlFault;
import dev.caravan.settings.Fault;
import dev.caravan.settings.Settings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;

/** Whether a database takes our connection. */
final class DatabaseAccess {
  private static final int TIMEOUT_SECONDS = 15;

  private DatabaseAccess() {}

  static boolean isSame(Settings settings) {
    Settings.Database source = settings.source();
    Settings.Database target = settings.target();
    return source.url().equals(target.url())
        && String.valueOf(source.user()).equals(String.valueOf(target.user()));
  }

  /** {@code variables} is how the names of its environment variables begin. */
  static List<Fault> faults(String variables, Settings.Database database) {
    Properties login = new Properties();
    if (database.user() != null) {
      login.setProperty("user", database.user());
    }
    login.setProperty("password", database.password().reveal());
    DriverManager.setLoginTimeout(TIMEOUT_SECONDS);
    try (Connection connection = DriverManager.getConnection(database.url(), login)) {
      connection.getMetaData();
      return List.of();
    } catch (SQLException e) {
      String message = masked(SqlFault.message(e), database);
      return List.of(
          Fault.in(
              variables + "URL",
              "the database " + masked(database.url(), database) + " refuses: " + message,
              remedy(variables, database, e)));
    }
  }

  /** A text without the password, wherever it stood. */
  static String masked(String text, Settings.Database database) {
    String masked = text.replaceAll("(?i)(password=)[^&;\\s]*", "$1xxxxxx");
    return database.password().isEmpty()
        ? masked
        : masked.replace(database.password().reveal(), "xxxxxx");
  }

  private static String remedy(String variables, Settings.Database database, SQLException e) {
    String state = String.valueOf(e.getSQLState());
    if (state.startsWith("28")) {
      return "Check "
          + variables
          + "USER ("
          + database.user()
          + ") and "
          + variables
          + "PASSWORD, and whether this account may connect from here.";
    }
    if (state.equals("3D000") || state.startsWith("42")) {
      return "Check the name of the database in " + variables + "URL, and the account's rights.";
    }
    return "Check host and port in " + variables + "URL, and whether the database is up.";
  }
}
