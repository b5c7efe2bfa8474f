package dev.caravan.bench;

import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.util.FileSystemUtils;

/**
 * A home with the job of bench/job, a PostgreSQL with invoices, and the server: ready for nights.
 */
final class BenchNight implements AutoCloseable {
  private final Path home;
  private final TestDatabase database = DatabaseVendor.POSTGRESQL.create();
  private final FlatServer server;
  private int lastId;

  BenchNight(Path home, int longAnswers) throws IOException {
    this.home = home;
    this.server = new FlatServer(longAnswers);
    FileSystemUtils.copyRecursively(Path.of("routes"), home.resolve("routes"));
    FileSystemUtils.copyRecursively(Path.of("templates"), home.resolve("templates"));
    Files.deleteIfExists(home.resolve("routes/jobs/tickets.camel.yaml"));
    FileSystemUtils.copyRecursively(Path.of("bench/job"), home.resolve("config/jobs/invoices"));
    for (String file : List.of("application.properties", "prices.yaml")) {
      Files.copy(Path.of("config", file), home.resolve("config").resolve(file));
    }
    database.execute(Files.readString(Path.of("bench/schema.sql")));
  }

  /** So many rows that wait, some 640 characters of description each, and no ledger. */
  BenchNight rows(int count) throws IOException {
    lastId = 0;
    for (Map<String, Object> table :
        database.query(
            "select tablename from pg_tables where tablename like 'caravan%' and schemaname = 'public'")) {
      database.execute("drop table if exists " + table.get("tablename") + " cascade");
    }
    org.springframework.util.FileSystemUtils.deleteRecursively(home.resolve("data"));
    return newRows(count);
  }

  /** The same, of records that a ledger has not seen yet, which stays. */
  BenchNight newRows(int count) {
    database.execute(
        "truncate invoices",
        """
        insert into invoices (id, vendor, description, amount)
        select n, 'Vendor ' || mod(n, 997),
               'Invoice ' || n || ': ' || repeat('cloud infrastructure usage, region south; ', 14)
                 || md5(n::text),
               mod(n, 100000) * 1.25
        from generate_series(%d + 1, %d) n"""
            .formatted(lastId, lastId + count),
        "analyze invoices");
    lastId += count;
    return this;
  }

  /** {@code night invoices}, as the launcher starts it. */
  Measured night(String... command) throws IOException, InterruptedException {
    return run(command, "night", "invoices");
  }

  /** Any command, as the launcher starts it. */
  Measured run(String[] command, String... words) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of(command));
    line.addAll(List.of("--home", home.toString()));
    line.addAll(List.of(words));
    return Measured.of(process(line));
  }

  ProcessBuilder process(List<String> line) {
    ProcessBuilder builder =
        new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(outputFile().toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "ANTHROPIC_API_KEY", "bench",
                "ANTHROPIC_BASE_URL", server.url(),
                "CARAVAN_DB_URL", database.url(),
                "CARAVAN_DB_USER", database.user(),
                "CARAVAN_DB_PASSWORD", database.password(),
                "CARAVAN_POLL_FIRST", "100ms"));
    return builder;
  }

  /** What the last process printed. */
  String output() throws IOException {
    return Files.readString(outputFile());
  }

  Path outputFile() {
    return home.resolve("output");
  }

  Path home() {
    return home;
  }

  Path log() {
    return home.resolve("data/log/caravan.log");
  }

  TestDatabase database() {
    return database;
  }

  long received() {
    return server.received();
  }

  /** Invoices that an answer has reached. */
  long loaded() {
    return database.count("select count(*) from invoices where processed_at is not null");
  }

  /** Records whose answer is kept because it did not fit into memory. */
  long tooLong() {
    return database.count("select count(*) from caravan_record where cause = 'too_long'");
  }

  @Override
  public void close() throws IOException {
    server.close();
    database.close();
  }
}
