package dev.caravan.reload;

import dev.caravan.LiveProperties;
import dev.caravan.batch.BatchState;
import dev.caravan.check.RouteCheck;
import dev.caravan.check.RouteFile;
import dev.caravan.check.RouteFolder;
import dev.caravan.ledger.Batches;
import dev.caravan.ledger.Runs;
import dev.caravan.settings.Fault;
import dev.caravan.settings.FaultsException;
import dev.caravan.settings.Job;
import dev.caravan.settings.JobCatalog;
import dev.caravan.settings.JobCheck;
import dev.caravan.settings.JobReader;
import dev.caravan.settings.Prices;
import dev.caravan.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.PropertiesSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The last good version of every job and route file, and how a new one takes its place. */
public final class Editions {
  private static final Logger LOG = LoggerFactory.getLogger(Editions.class);

  private final Settings settings;
  private final JobCatalog jobs;
  private final Prices prices;
  private final Runs runs;
  private final Batches batches;
  private final Clock clock;
  private final LiveRoutes live;
  private final RouteCheck check;
  private final Map<Path, RouteFile> good = new TreeMap<>();

  /** Versions that were checked, and wait until nothing is in flight. */
  private final Set<String> waiting = new HashSet<>();

  /** Removed jobs of which some routes still serve paid batches. */
  private final Set<Path> leaving = new HashSet<>();

  /** What is in the home directory now is what {@code context} runs. */
  public Editions(
      Settings settings,
      JobCatalog jobs,
      Prices prices,
      Runs runs,
      Batches batches,
      CamelContext context,
      Clock clock) {
    this.settings = settings;
    this.jobs = jobs;
    this.prices = prices;
    this.runs = runs;
    this.batches = batches;
    this.clock = clock;
    this.live = new LiveRoutes(context);
    this.check = new RouteCheck(settings.home(), context.getRegistry());
    RouteFolder.of(settings.home()).files().forEach(file -> good.put(file.path(), file));
  }

  /** What runs, whether or not its files are still there. */
  List<Unit> known() {
    List<Unit> known = new ArrayList<>();
    jobs.names().forEach(job -> known.add(Unit.job(settings.home(), job)));
    good.keySet().stream()
        .filter(path -> RouteFolder.job(path).isEmpty())
        .forEach(path -> known.add(Unit.shared(settings.home(), path)));
    return known;
  }

  /**
   * Takes the files of a unit as they are now.
   *
   * @return false when that must wait: something of it is in flight
   * @throws FaultsException when they can't be taken; what ran before goes on
   * @throws Exception when Camel refused it nevertheless; likewise
   */
  boolean take(Unit unit, String version) throws Exception {
    RouteFile before = good.get(unit.routes());
    if (unit.isGone()) {
      return before == null || remove(unit, before);
    }
    if (before != null && waiting.contains(version) && live.isBusy(before)) {
      return false;
    }
    Job job = unit.job() == null ? null : job(unit.job());
    RouteFile file = RouteFile.read(settings.home(), unit.routes());
    JobCatalog candidate = candidate(job);
    PropertiesSource properties = new LiveProperties(settings, candidate);
    refuse(check.faults(with(file), file, properties));
    if (unit.job() == null && (file.configuresRoutes() || configures(before))) {
      LOG.warn("{} takes effect at the next start: every route is built with it", unit.name());
      return true;
    }
    boolean same =
        before != null && !leaving.contains(unit.routes()) && isSame(before, file, properties);
    if (!same && before != null && live.isBusy(before)) {
      waiting.add(version);
      return false;
    }
    waiting.remove(version);
    leaving.remove(unit.routes());
    swap(job, before, file, same);
    return true;
  }

  private static boolean configures(@Nullable RouteFile file) {
    return file != null && file.configuresRoutes();
  }

  private Job job(String name) {
    if (Files.notExists(settings.home().resolve("routes/jobs/" + name + ".camel.yaml"))) {
      refuse(
          List.of(
              Fault.in(
                  "routes/jobs/" + name + ".camel.yaml",
                  "is missing: config/jobs/" + name + " has no routes",
                  "Put it back, or remove the folder too.")));
    }
    Job job = JobReader.read(settings.home(), name);
    refuse(JobCheck.check(job, prices, LocalDate.now(clock)));
    return job;
  }

  private static void refuse(List<Fault> faults) {
    List<Fault> errors = faults.stream().filter(fault -> !fault.warning()).toList();
    if (!errors.isEmpty()) {
      throw new FaultsException(errors);
    }
  }

  private JobCatalog candidate(@Nullable Job job) {
    JobCatalog candidate = new JobCatalog(jobs.names().stream().map(jobs::get).toList());
    if (job != null) {
      candidate.put(job);
    }
    return candidate;
  }

  private RouteFolder with(RouteFile file) {
    Map<Path, RouteFile> all = new TreeMap<>(good);
    all.put(file.path(), file);
    return new RouteFolder(List.copyOf(all.values()), List.of());
  }

  /** Whether Camel would build the same routes: same text, same values in its placeholders. */
  private boolean isSame(RouteFile before, RouteFile file, PropertiesSource properties) {
    PropertiesSource now = new LiveProperties(settings, jobs);
    return before.text().equals(file.text())
        && file.placeholders().stream()
            .allMatch(
                key ->
                    String.valueOf(properties.getProperty(key))
                        .equals(String.valueOf(now.getProperty(key))));
  }

  private void swap(@Nullable Job job, @Nullable RouteFile before, RouteFile file, boolean same)
      throws Exception {
    Job old = job != null && jobs.has(job.name()) ? jobs.get(job.name()) : null;
    if (job != null) {
      jobs.put(job);
    }
    try {
      if (!same) {
        live.put(file);
      }
    } catch (Exception e) {
      back(job, old, before, file);
      throw e;
    }
    good.put(file.path(), file);
  }

  private void back(
      @Nullable Job job, @Nullable Job old, @Nullable RouteFile before, RouteFile file)
      throws Exception {
    if (old != null) {
      jobs.put(old);
    } else if (job != null) {
      jobs.remove(job.name());
    }
    if (before != null) {
      live.put(before);
    } else {
      live.remove(file, route -> true);
    }
  }

  /**
   * Routes that begin a run go at once; what paid batches still need goes with the last of them.
   */
  private boolean remove(Unit unit, RouteFile before) throws Exception {
    if (unit.job() == null) {
      Map<Path, RouteFile> rest = new TreeMap<>(good);
      rest.remove(unit.routes());
      refuse(check.between(new RouteFolder(List.copyOf(rest.values()), List.of())));
    }
    if (live.isBusy(before)) {
      return false;
    }
    boolean open = unit.job() != null && hasWork(unit.job());
    live.remove(
        before, route -> !open || !route.getEndpoint().getEndpointUri().startsWith("direct:"));
    if (open) {
      leaving.add(unit.routes());
      return false;
    }
    if (unit.job() != null) {
      jobs.remove(unit.job());
    }
    good.remove(unit.routes());
    leaving.remove(unit.routes());
    return true;
  }

  private boolean hasWork(String job) {
    return runs.unfinished().stream().anyMatch(run -> run.job().equals(job))
        || batches
            .in(
                BatchState.IN_PROGRESS,
                BatchState.CANCELING,
                BatchState.ENDED,
                BatchState.DOUBT,
                BatchState.HELD)
            .stream()
            .anyMatch(batch -> batch.job().equals(job));
  }
}
