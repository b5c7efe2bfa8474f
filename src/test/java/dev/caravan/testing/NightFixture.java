package dev.caravan.testing;

import dev.caravan.Application;
import dev.caravan.LedgerBeans;
import dev.caravan.settings.Job;
import dev.caravan.settings.JobCatalog;
import dev.caravan.settings.JobReader;
import dev.caravan.settings.Prices;
import dev.caravan.settings.PricesReader;
import dev.caravan.settings.Settings;
import dev.caravan.settings.SettingsReader;
import dev.caravan.simulator.Simulator;
import dev.caravan.simulator.SimulatorOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/**
 * Caravan as a user has it: a home folder with the shipped routes, jobs and templates, on a real
 * database, against the simulator. The night is played step by step by calling its routes.
 */
public final class NightFixture implements AutoCloseable {
  public static final Instant DUE = Instant.parse("2026-11-20T23:00:00Z");

  private final Path home;
  private final TestDatabase database;
  private final Map<String, String> overrides = new HashMap<>();
  private final Simulator simulator;
  private final SettableClock clock;
  private @Nullable LedgerBeans ledger;
  private @Nullable Application application;
  private @Nullable JobCatalog jobs;

  private NightFixture(Path home, TestDatabase database, Simulator simulator, SettableClock clock) {
    this.home = home;
    this.database = database;
    this.simulator = simulator;
    this.clock = clock;
    set("db.url", database.url());
    set("db.user", database.user());
    set("db.password", database.password());
    set("anthropic.base-url", simulator.baseUrl());
    set("mail.from", "caravan@example.org");
    set("mail.to", "ops@example.org");
    set("smtp.host", "127.0.0.1");
    set("smtp.port", "9");
    set("retry.backoff", "1s×2≤2s");
    set("submit.doubt-looks", "0,1m,3m,6m,10m");
  }

  /** A home under {@code folder}, with a simulator whose batches end at once. */
  public static NightFixture in(Path folder, TestDatabase database) throws IOException {
    SimulatorOptions options = SimulatorOptions.defaults().withProcessing(Duration.ZERO);
    return in(folder, database, Simulator.start(options));
  }

  public static NightFixture in(Path folder, TestDatabase database, Simulator simulator)
      throws IOException {
    for (String part : List.of("routes", "config", "templates")) {
      FileSystemUtils.copyRecursively(Path.of(part), folder.resolve(part));
    }
    return new NightFixture(folder, database, simulator, SettableClock.at("2026-11-20T23:00:00Z"));
  }

  /** Another Caravan on the same home, ledger, spool, API and clock, not started yet. */
  public NightFixture another() {
    NightFixture other = new NightFixture(home, database, simulator, clock);
    other.overrides.putAll(overrides);
    return other;
  }

  public NightFixture set(String key, String value) {
    overrides.put(key, value);
    return this;
  }

  /** Every setting of this night, for a command that is run beside it. */
  public Map<String, String> settings() {
    return Map.copyOf(overrides);
  }

  public Path home() {
    return home;
  }

  public TestDatabase database() {
    return database;
  }

  public Simulator simulator() {
    return simulator;
  }

  public SettableClock clock() {
    return clock;
  }

  public LedgerBeans ledger() {
    return Objects.requireNonNull(ledger, "not started");
  }

  /** As they are now; read again at each start. */
  public Settings readSettings() {
    return SettingsReader.read(home, Map.of("ANTHROPIC_API_KEY", "test-key"), overrides);
  }

  public JobCatalog jobs() {
    return Objects.requireNonNull(jobs, "not started");
  }

  public Application application() {
    return Objects.requireNonNull(application, "not started");
  }

  /** Starts Caravan as a one-shot command does: routes run when called. */
  public NightFixture start() {
    return start(clock);
  }

  public NightFixture start(Clock time) {
    Settings settings = readSettings();
    List<Job> jobs = JobReader.names(home).stream().map(n -> JobReader.read(home, n)).toList();
    Prices prices = PricesReader.read(home.resolve("config/prices.yaml"));
    LedgerBeans beans = new LedgerBeans(settings);
    ledger = beans;
    beans.tables.migrate();
    try {
      JobCatalog catalog = new JobCatalog(jobs);
      this.jobs = catalog;
      application = Application.start(settings, catalog, prices, beans, time, false);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return this;
  }

  public void stop() {
    if (application != null) {
      application.close();
      application = null;
    }
    if (ledger != null) {
      ledger.close();
      ledger = null;
    }
  }

  /** The job's extract, as if its trigger had fired at {@link #DUE}. */
  public Exchange extract(String job) {
    return extract(job, Map.of("due", DUE));
  }

  public Exchange extract(String job, Map<String, Object> variables) {
    try {
      return application().fire(job + "-submit", variables);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Calls a route; its failure is thrown. */
  public NightFixture call(String uri) {
    Exchange done = application().call(uri, Map.of());
    if (done.getException() != null) {
      throw new IllegalStateException(done.getException());
    }
    return this;
  }

  /** Submit, look after poll.max has passed, collect. */
  public NightFixture round() {
    call("direct:resend");
    call("direct:submit");
    clock.advance(Duration.ofMinutes(31));
    call("direct:poll");
    return call("direct:collect");
  }

  public Map<String, Object> row(String sql, Object... parameters) {
    return database.query(sql, parameters).get(0);
  }

  @Override
  public void close() throws IOException {
    stop();
    simulator.close();
  }
}
