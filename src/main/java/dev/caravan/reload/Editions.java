package dev.caravan.reload;

import dev.caravan.batch.BatchState;
import dev.caravan.check.RouteFile;
import dev.caravan.check.RouteFolder;
import dev.caravan.ledger.Batches;
import dev.caravan.ledger.Runs;
import dev.caravan.settings.FaultsException;
import dev.caravan.settings.Job;
import dev.caravan.settings.JobCatalog;
import dev.caravan.settings.Prices;
import dev.caravan.settings.Settings;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The last good version of every job and route file, and how a new one takes its place. */
public final class Editions {
  private static final Logger LOG = LoggerFactory.getLogger(Editions.class);

  private final Settings settings;
  private final JobCatalog jobs;
  private final Runs runs;
  private final Batches batches;
  private final LiveRoutes live;
  private final EditCheck check;
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
    this.runs = runs;
    this.batches = batches;
    this.live = new LiveRoutes(context);
    this.check = new EditCheck(settings, jobs, prices, context, clock);
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
    EditCheck.Edit edit = check.read(unit, good);
    if (unit.job() == null && (configures(edit.file()) || configures(before))) {
      LOG.warn("{} takes effect at the next start: every route is built with it", unit.name());
      return true;
    }
    boolean same = before != null && !leaving.contains(unit.routes()) && check.isSame(before, edit);
    if (!same && before != null && live.isBusy(before)) {
      waiting.add(version);
      return false;
    }
    waiting.remove(version);
    leaving.remove(unit.routes());
    swap(edit.job(), before, edit.file(), same);
    return true;
  }

  private static boolean configures(@Nullable RouteFile file) {
    return file != null && file.configuresRoutes();
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
      check.mayGo(unit, good);
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
