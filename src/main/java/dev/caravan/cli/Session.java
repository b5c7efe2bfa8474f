package dev.caravan.cli;

import dev.caravan.Application;
import dev.caravan.LedgerBeans;
import dev.caravan.batch.RecordKey;
import dev.caravan.batch.Request;
import dev.caravan.settings.Fault;
import dev.caravan.settings.FaultsException;
import dev.caravan.settings.Job;
import dev.caravan.settings.JobCatalog;
import dev.caravan.settings.JobReader;
import dev.caravan.settings.Prices;
import dev.caravan.settings.PricesReader;
import dev.caravan.settings.Settings;
import dev.caravan.settings.SettingsReader;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings, jobs and ledger of one call of a command, and the application when it needs one. */
final class Session implements AutoCloseable {
  private final Settings settings;
  private final JobCatalog jobs;
  private final Prices prices;
  private final LedgerBeans ledger;

  private Session(Settings settings, JobCatalog jobs, Prices prices, LedgerBeans ledger) {
    this.settings = settings;
    this.jobs = jobs;
    this.prices = prices;
    this.ledger = ledger;
  }

  /**
   * Reads everything a person has set, all faults at once, and opens the ledger as its owner.
   *
   * @throws FaultsException when a setting is wrong; then nothing was done
   * @throws Refused when the ledger can't be reached or is not ours
   */
  static Session open(Options options) {
    Session session = read(options);
    try {
      session.access().migrate();
      new HomeGuard(session.ledger.home, session.settings.home()).check();
      return session;
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /** The same without touching the ledger's tables: for commands that look, and for {@code own}. */
  static Session read(Options options) {
    List<Fault> faults = new ArrayList<>();
    Settings settings = settings(options, faults);
    List<Job> jobs = jobs(options, faults);
    Prices prices = prices(options, faults);
    if (settings == null || prices == null || !faults.isEmpty()) {
      throw new FaultsException(faults);
    }
    Settings known = LedgerAccess.withLogin(settings);
    Session session = new Session(known, new JobCatalog(jobs), prices, new LedgerBeans(known));
    try {
      session.access().connect();
      return session;
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  LedgerAccess access() {
    return new LedgerAccess(settings.target(), ledger);
  }

  private static @Nullable Settings settings(Options options, List<Fault> faults) {
    try {
      return SettingsReader.read(options.home, options.environment, options.settings);
    } catch (FaultsException e) {
      faults.addAll(e.faults());
      return null;
    }
  }

  private static List<Job> jobs(Options options, List<Fault> faults) {
    List<Job> jobs = new ArrayList<>();
    for (String name : JobReader.names(options.home)) {
      try {
        jobs.add(JobReader.read(options.home, name));
      } catch (FaultsException e) {
        faults.addAll(e.faults());
      }
    }
    return jobs;
  }

  private static @Nullable Prices prices(Options options, List<Fault> faults) {
    try {
      return PricesReader.read(options.home.resolve("config/prices.yaml"));
    } catch (FaultsException e) {
      faults.addAll(e.faults());
      return null;
    }
  }

  Settings settings() {
    return settings;
  }

  JobCatalog jobs() {
    return jobs;
  }

  Prices prices() {
    return prices;
  }

  LedgerBeans ledger() {
    return ledger;
  }

  /** Every request of a record, by its key as people write it. */
  List<Request> history(String job, String key) {
    int columns = jobs.get(job).key().size();
    return ledger.requests.history(job, key, RecordKey.hashesOf(key, columns));
  }

  /** Starts the routes. */
  Application application(boolean service) throws Exception {
    return Application.start(settings, jobs, prices, ledger, Clock.systemUTC(), service);
  }

  /** Calls a route of the application; its failure is thrown. */
  static void call(Application application, String uri, Map<String, Object> variables)
      throws Exception {
    Exception failure = application.call(uri, variables).getException();
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public void close() {
    ledger.close();
  }
}
