package dev.caravan.cli;

import dev.caravan.LedgerBeans;
import dev.caravan.check.DatabaseAccess;
import dev.caravan.ledger.EmbeddedDatabase;
import dev.caravan.ledger.SqlFault;
import dev.caravan.settings.OwnerOnly;
import dev.caravan.settings.Settings;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.flywaydb.core.api.FlywayException;

/**
 * The way to the ledger at the start of a command. What stands in it is told before anything is
 * done: a login or a right that a person must mend (exit 1), a database that is away (exit 4).
 */
final class LedgerAccess {
  private static final String DDL =
      "\n    ./caravan check --ddl prints the SQL of tables and rights, for a database administrator.";
  private static final String NOTHING = "\nNothing was done.";

  private final Settings.Database target;
  private final LedgerBeans ledger;

  LedgerAccess(Settings.Database target, LedgerBeans ledger) {
    this.target = target;
    this.ledger = ledger;
  }

  /**
   * Connects, with one try.
   *
   * @throws Refused when the database can't be reached or refuses the login
   */
  void connect() {
    // held until the pool has its first connection, or the embedded database would open twice
    try (Connection held = DatabaseAccess.connect(target)) {
      ledger.ledger.now();
      EmbeddedDatabase.tighten(target);
    } catch (SQLException e) {
      throw refused(target, e);
    } catch (IOException e) {
      throw notOurs(e);
    }
  }

  /**
   * Settings with the login of an embedded database in them, and {@code data/} closed to others.
   *
   * @throws Refused when the database or a file of it can't be opened
   */
  static Settings withLogin(Settings settings) {
    try {
      OwnerOnly.folder(settings.home().resolve("data"));
      return EmbeddedDatabase.withLogin(settings);
    } catch (SQLException e) {
      throw refused(settings.target(), e);
    } catch (IOException e) {
      throw notOurs(e);
    }
  }

  private static Refused notOurs(IOException e) {
    return new Refused(
        ExitCode.REFUSED,
        "data/: this account can't keep its files from others ("
            + e
            + ")."
            + NOTHING
            + " They must belong to the account that runs Caravan: chown -R <account> data");
  }

  private static Refused refused(Settings.Database database, SQLException e) {
    boolean away = SqlFault.of(e) == SqlFault.TRANSIENT;
    return new Refused(
        away ? ExitCode.BROKEN : ExitCode.REFUSED,
        DatabaseAccess.fault("CARAVAN_DB_", database, e)
            + NOTHING
            + (away ? " Run it again when the database is up." : ""));
  }

  /**
   * Makes or upgrades Caravan's tables where they need it.
   *
   * @throws Refused when that fails
   */
  void migrate() {
    try {
      ledger.tables.migrate();
    } catch (FlywayException e) {
      if (SqlFault.of(e) == SqlFault.TRANSIENT) {
        throw e;
      }
      throw new Refused(
          ExitCode.REFUSED,
          "CARAVAN_DB_URL: Caravan's tables in "
              + where()
              + " could not be made or upgraded with the account "
              + target.user()
              + ": "
              + SqlFault.ownWords(e)
              + DDL
              + NOTHING);
    }
  }

  /** Why a command that only looks at the ledger could not read it. */
  Refused unreadable(RuntimeException failure) {
    List<String> pending = pending();
    if (pending.stream().anyMatch(script -> script.startsWith("V001"))) {
      return new Refused(
          ExitCode.REFUSED,
          "There is no ledger in "
              + where()
              + " yet. The first run creates it: ./caravan night JOB");
    }
    String why =
        pending.isEmpty()
            ? "can't be read with the account " + target.user()
            : "is older than this version of Caravan (" + String.join(", ", pending) + " to come)";
    return new Refused(
        ExitCode.REFUSED,
        "CARAVAN_DB_URL: the ledger in "
            + where()
            + " "
            + why
            + ": "
            + SqlFault.ownWords(failure)
            + DDL
            + (pending.isEmpty() ? "" : " Every command that acts upgrades them automatically."));
  }

  private List<String> pending() {
    try {
      return ledger.tables.pending();
    } catch (FlywayException mayNotBeSeen) {
      return List.of();
    }
  }

  private String where() {
    String schema = target.schema() == null || target.schema().isBlank() ? "" : target.schema();
    return "the " + target.shown() + (schema.isEmpty() ? "" : ", schema " + schema);
  }
}
