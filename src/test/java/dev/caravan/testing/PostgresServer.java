package dev.caravan.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A real PostgreSQL from zonky's archive in a temporary directory, gone when the JVM ends. */
record PostgresServer(int port) implements DatabaseServer {
  private static final String ARCHIVE = "postgres-linux-x86_64.txz";

  static PostgresServer start() {
    try {
      var home = ServerHome.create("postgresql");
      home.unpackTxz(ARCHIVE);
      var server = new PostgresServer(ServerHome.freePort());
      server.initialize(home);
      server.boot(home);
      server.run(
          "postgres",
          ADMIN,
          "create role " + OWNER.user() + " login password '" + OWNER.password() + "'");
      return server;
    } catch (IOException e) {
      throw new IllegalStateException("PostgreSQL does not start: " + e.getMessage(), e);
    }
  }

  private void initialize(ServerHome home) throws IOException {
    var password = Files.writeString(home.path("password"), ADMIN.password());
    home.handOver();
    home.run(
        bin(home, "initdb"),
        "--pgdata=" + data(home),
        "--username=" + ADMIN.user(),
        "--pwfile=" + password,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--locale=C.UTF-8",
        "--no-sync");
  }

  private void boot(ServerHome home) throws IOException {
    var settings =
        "-p %d -h 127.0.0.1 -k '%s' -c max_connections=200 -c shared_preload_libraries=pg_stat_statements %s"
            .formatted(
                port,
                home.path(""),
                // tests need no durability; what is measured has it, and memory as a server has
                Boolean.getBoolean("postgres.durable")
                    ? "-c shared_buffers=2GB -c max_wal_size=4GB"
                    : "-F -c full_page_writes=off");
    home.run(
        bin(home, "pg_ctl"),
        "start",
        "--wait",
        "--timeout=60",
        "--pgdata=" + data(home),
        "--log=" + home.path("server.log"),
        "--options=" + settings);
    home.atExit(
        () ->
            home.run(
                bin(home, "pg_ctl"), "stop", "--wait", "--mode=fast", "--pgdata=" + data(home)));
  }

  private static String bin(ServerHome home, String program) {
    return home.path("bin").resolve(program).toString();
  }

  private static Path data(ServerHome home) {
    return home.path("data");
  }

  @Override
  public String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  @Override
  public void create(String database) {
    run("postgres", ADMIN, "create database " + database + " owner " + OWNER.user());
  }

  @Override
  public void drop(String database) {
    run("postgres", ADMIN, "drop database " + database + " with (force)");
  }

  @Override
  public void createLogin(String database, Account account) {
    run(
        database,
        ADMIN,
        "create role " + account.user() + " login password '" + account.password() + "'");
  }

  @Override
  public void dropLogin(Account account) {
    run("postgres", ADMIN, "drop role " + account.user());
  }
}
