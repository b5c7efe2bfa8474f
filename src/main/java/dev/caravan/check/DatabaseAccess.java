package dev.caravan.check;

import dev.caravan.ledger.EmbeddedDatabase;
import dev.caravan.ledger.SqlFault;
import dev.caravan.settings.Fault;
import dev.caravan.settings.Masked;
import dev.caravan.settings.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/** Whether a database takes our connection, and what to do when it does not. */
public final class DatabaseAccess {
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
    try (Connection connection = connect(database)) {
      connection.getMetaData();
      return List.of();
    } catch (SQLException e) {
      return List.of(fault(variables, database, e));
    }
  }

  /** Settings with the login of an embedded database; why it can't be had is noted. */
  static Settings withLogin(Settings settings, List<Fault> faults) {
    try {
      return EmbeddedDatabase.withLogin(settings);
    } catch (SQLException e) {
      faults.add(fault("CARAVAN_DB_", settings.target(), e));
    } catch (IOException e) {
      faults.add(
          Fault.in(
              "CARAVAN_DB_URL",
              "the files of the embedded database can't be made or closed to others: " + e,
              "They must belong to the account that runs Caravan."));
    }
    return settings;
  }

  /** A connection beside the pools, at once or not at all: a pool would try on and on. */
  public static Connection connect(Settings.Database database) throws SQLException {
    Properties login = new Properties();
    if (database.user() != null) {
      login.setProperty("user", database.user());
    }
    login.setProperty("password", database.password().reveal());
    DriverManager.setLoginTimeout(TIMEOUT_SECONDS);
    return DriverManager.getConnection(database.url(), login);
  }

  /** Why {@link #connect} failed, and what a person can do; no password is in it. */
  public static Fault fault(String variables, Settings.Database database, SQLException e) {
    String message = Masked.of(SqlFault.message(e), database);
    return Fault.in(
        variables + "URL",
        "the " + database.shown() + " can't be used: " + message,
        remedy(variables, database, e));
  }

  private static String remedy(String variables, Settings.Database database, SQLException e) {
    String state = String.valueOf(e.getSQLState());
    Optional<Path> file = EmbeddedDatabase.passwordFile(database);
    if (state.startsWith("28") && file.isPresent()) {
      return "The password in " + file.get() + " is not this database's: put back the right one.";
    }
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
