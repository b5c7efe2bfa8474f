package dev.caravan.check;

import dev.caravan.Backstage;
import dev.caravan.batch.Reasons;
import dev.caravan.settings.Fault;
import dev.caravan.settings.FaultsException;
import dev.caravan.settings.Job;
import dev.caravan.settings.JobCatalog;
import dev.caravan.settings.JobCheck;
import dev.caravan.settings.JobReader;
import dev.caravan.settings.Prices;
import dev.caravan.settings.PricesReader;
import dev.caravan.settings.Settings;
import dev.caravan.settings.SettingsReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code ./caravan check}: finds all faults at once, before the night does. For one use. */
public final class Check {
  private final Path home;
  private final Map<String, String> environment;
  private final Map<String, String> overrides;
  private final Clock clock;
  private final List<Fault> faults = new ArrayList<>();

  /**
   * @param environment as of {@link System#getenv()}
   * @param overrides settings of the command line, by key
   */
  public Check(
      Path home, Map<String, String> environment, Map<String, String> overrides, Clock clock) {
    this.home = home.toAbsolutePath().normalize();
    this.environment = environment;
    this.overrides = overrides;
    this.clock = clock;
  }

  /**
   * Every fault and warning, sorted by file and line; empty when nothing is wrong.
   *
   * @param offline true to touch no database, mail server or API
   */
  public List<Fault> run(boolean offline) {
    Optional<Settings> settings =
        read(() -> SettingsReader.read(home, environment, overrides))
            .flatMap(known -> offline ? Optional.of(known) : read(() -> withLogin(known)));
    Optional<Prices> prices = read(() -> PricesReader.read(home.resolve("config/prices.yaml")));
    List<Job> jobs = jobs(prices);
    RouteFolder folder = RouteFolder.of(home);
    faults.addAll(folder.faults());
    faults.addAll(RouteRules.faults(folder));
    faults.addAll(JobHooks.faults(home, folder));
    faults.addAll(LoadRoutes.faults(folder));
    sayOnce(folder);
    jobs.forEach(job -> faults.addAll(LoadVerbs.faults(job)));
    faults.addAll(SharedTargets.faults(jobs));
    prices.ifPresent(known -> faults.addAll(RouteModels.faults(folder, known, clock.instant())));
    backstage(settings.orElseGet(this::defaults), jobs, prices)
        .ifPresent(
            backstage -> {
              try (backstage) {
                buildable(folder, jobs, backstage);
                if (!offline) {
                  settings.ifPresent(known -> online(known, prices, jobs, folder, backstage));
                }
              }
            });
    return faults.stream()
        .distinct()
        .sorted(
            Comparator.comparing(Fault::warning)
                .thenComparing(fault -> fault.file() == null ? "" : fault.file())
                .thenComparing(Fault::line))
        .toList();
  }

  /** A route file without a job is often a copy: that its ids are used twice is no fault more. */
  private void sayOnce(RouteFolder folder) {
    List<String> names = JobReader.names(home);
    for (RouteFile file : folder.files()) {
      boolean stray = RouteFolder.job(file.path()).filter(job -> !names.contains(job)).isPresent();
      faults.removeIf(fault -> stray && file.shown().equals(fault.file()) && fault.line() > 0);
    }
  }

  private Settings withLogin(Settings settings) {
    return DatabaseAccess.withLogin(settings, faults);
  }

  private List<Job> jobs(Optional<Prices> prices) {
    List<Job> jobs = new ArrayList<>();
    for (String name : JobReader.names(home)) {
      Optional<Job> job = read(() -> JobReader.read(home, name));
      job.ifPresent(jobs::add);
      job.ifPresent(
          known -> prices.ifPresent(p -> faults.addAll(JobCheck.check(known, p, clock.instant()))));
    }
    return jobs;
  }

  /** Models retire at midnight UTC, for the night too. */
  private Optional<Backstage> backstage(
      Settings settings, List<Job> jobs, Optional<Prices> prices) {
    try {
      Prices known = prices.orElse(new Prices(List.of()));
      return Optional.of(new Backstage(settings, new JobCatalog(jobs), known, clock));
    } catch (UncheckedIOException e) {
      faults.add(
          Fault.in("templates/mail", Reasons.of(e), "They come with Caravan: put them back."));
      return Optional.empty();
    }
  }

  private void online(
      Settings settings,
      Optional<Prices> prices,
      List<Job> jobs,
      RouteFolder folder,
      Backstage backstage) {
    List<String> broken =
        faults.stream()
            .filter(fault -> !fault.warning())
            .map(fault -> String.valueOf(fault.file()))
            .filter(file -> file.startsWith("routes/"))
            .distinct()
            .toList();
    Prices known = prices.orElse(new Prices(List.of()));
    faults.addAll(new Online(settings, known, jobs, folder, backstage, clock).faults(broken));
  }

  /** Whether Camel can build the routes; a job without valid settings would only add noise. */
  private void buildable(RouteFolder folder, List<Job> jobs, Backstage backstage) {
    faults.addAll(BeanNames.faults(folder, backstage.beans()));
    Rehearsal rehearsal = new Rehearsal(backstage.beans(), backstage.properties());
    faults.addAll(rehearsal.httpOptions(folder));
    LinkedHashSet<String> known = new LinkedHashSet<>();
    jobs.forEach(job -> known.add(job.name()));
    List<RouteFile> files =
        folder.files().stream()
            .filter(file -> RouteFolder.job(file.path()).map(known::contains).orElse(true))
            .toList();
    for (Fault fault : rehearsal.faults(files)) {
      boolean told = faults.stream().anyMatch(f -> isSamePlace(f, fault));
      if (!told) {
        faults.add(fault);
      }
    }
  }

  private static boolean isSamePlace(Fault a, Fault b) {
    return a.line() > 0 && a.line() == b.line() && String.valueOf(a.file()).equals(b.file());
  }

  private Settings defaults() {
    Settings d = SettingsReader.read(home.resolve("data/.no-settings"), Map.of(), Map.of());
    return new Settings(
        home,
        d.target(),
        d.source(),
        d.anthropic(),
        d.http(),
        d.smtp(),
        d.mail(),
        d.extract(),
        d.submit(),
        d.poll(),
        d.deadline(),
        d.retry(),
        d.collect(),
        d.load(),
        d.report(),
        d.spool(),
        d.misfireWithin(),
        d.keepTexts(),
        d.heartbeat(),
        d.healthGrace());
  }

  private <T> Optional<T> read(Supplier<T> reader) {
    try {
      return Optional.of(reader.get());
    } catch (FaultsException e) {
      faults.addAll(e.faults());
      return Optional.empty();
    }
  }
}
