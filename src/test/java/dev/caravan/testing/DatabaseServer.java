package dev.caravan.testing;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * One running server of a vendor; lives until the JVM ends and is reached over TCP on loopback.
 *
 * <p>Databases belong to an owner without server-wide rights, as in a careful installation; the
 * administrator exists for what only an administrator may do.
 */
interface DatabaseServer {
  Account ADMIN = new Account("caravan_admin", "admin-secret");
  Account OWNER = new Account("caravan", "owner-secret");

  /** A login; {@code toString} leaves out the password. */
  record Account(String user, String password) {
    @Override
    public String toString() {
      return user;
    }
  }

  /** The JDBC address of a database, usable from any process of this machine. */
  String url(String database);

  /** Creates an empty database that belongs to {@link #OWNER}. */
  void create(String database);

  /** Removes a database, also under open connections. */
  void drop(String database);

  /** Makes a login that can connect to the database and has no other right. */
  void createLogin(String database, Account account);

  /** Removes that login; called after the database is gone. */
  void dropLogin(Account account);

  /** Runs each statement in a transaction of its own. */
  default void run(String database, Account account, String... statements) {
    var jdbc = jdbc(database, account);
    for (var statement : statements) {
      jdbc.execute(statement);
    }
  }

  /** The database seen by the account; every call takes a new connection. */
  default JdbcTemplate jdbc(String database, Account account) {
    return new JdbcTemplate(
        new DriverManagerDataSource(url(database), account.user(), account.password()));
  }
}
