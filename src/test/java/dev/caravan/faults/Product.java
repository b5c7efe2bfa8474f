package dev.caravan.faults;

import dev.caravan.Caravan;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Caravan as a process of its own, in the home and on the database of a night. */
final class Product {
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

  private final InvoiceNight night;
  private final Map<String, String> environment = new HashMap<>();

  Product(InvoiceNight night) {
    this.night = night;
    TestDatabase database = night.database();
    environment.put("ANTHROPIC_API_KEY", "test-key");
    environment.put("ANTHROPIC_BASE_URL", night.simulator().baseUrl());
    environment.put("CARAVAN_DB_URL", database.url());
    environment.put("CARAVAN_DB_USER", database.user());
    environment.put("CARAVAN_DB_PASSWORD", database.password());
    environment.put("CARAVAN_POLL_FIRST", "100ms");
    environment.put("CARAVAN_POLL_MAX", "200ms");
    environment.put("CARAVAN_POLL_LAST_HOUR", "100ms");
    environment.put("CARAVAN_RETRY_BACKOFF", "100ms x2 <=200ms");
    environment.put("CARAVAN_LOAD_CHUNK", "10");
    environment.put("CARAVAN_EXTRACT_CHUNK", "20");
  }

  Product with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** Starts a command; what it prints is in {@link #log}. */
  Process start(String... command) {
    List<String> line =
        new ArrayList<>(
            List.of(
                JAVA.toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                Caravan.class.getName()));
    line.addAll(List.of(command));
    line.addAll(List.of("--home", night.fixture().home().toString()));
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(file().toFile()));
    builder.environment().putAll(environment);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for the end of a process, which is killed after two minutes; its exit code. */
  int await(Process process) throws InterruptedException {
    if (!process.waitFor(2, TimeUnit.MINUTES)) {
      process.destroyForcibly().waitFor();
      throw new AssertionError("Caravan did not end:\n" + log());
    }
    return process.exitValue();
  }

  /** All that the processes of this night have printed. */
  String log() {
    try {
      return Files.exists(file()) ? Files.readString(file()) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path file() {
    return night.fixture().home().resolve("product.log");
  }
}
