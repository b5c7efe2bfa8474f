package dev.caravan.testing;

import java.sql.SQLException;
import org.h2.tools.Server;

/** H2 in memory behind its own TCP server, so that a second process sees the same database. */
record H2Server(int port) implements DatabaseServer {
  static H2Server start() {
    // H2 reads this when its classes are loaded; without it, it listens on every interface.
    System.setProperty("h2.bindAddress", "127.0.0.1");
    try {
      var server = Server.createTcpServer("-tcpPort", "0", "-ifNotExists", "-tcpDaemon").start();
      return new H2Server(server.getPort());
    } catch (SQLException e) {
      throw new IllegalStateException("H2's TCP server does not start: " + e.getMessage(), e);
    }
  }

  @Override
  public String url(String database) {
    return "jdbc:h2:tcp://127.0.0.1:" + port + "/mem:" + database;
  }

  @Override
  public void create(String database) {
    // The first account that connects creates the database and administers it; both settings go in
    // one call because without the first the database is gone when the connection closes.
    run(
        database,
        ADMIN,
        "set db_close_delay -1; create user %s password '%s' admin"
            .formatted(OWNER.user(), OWNER.password()));
  }

  @Override
  public void drop(String database) {
    // A shutdown would fail the very connection that asks for it.
    run(database, ADMIN, "drop all objects; set db_close_delay 0");
  }

  @Override
  public void createLogin(String database, Account account) {
    run(
        database,
        ADMIN,
        "create user " + account.user() + " password '" + account.password() + "'");
  }

  @Override
  public void dropLogin(Account account) {
    // Accounts are part of the database and went with it.
  }
}
