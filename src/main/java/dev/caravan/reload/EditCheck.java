package dev.caravan.reload;

import dev.caravan.LiveProperties;
import dev.caravan.check.RouteCheck;
import dev.caravan.check.RouteFile;
import dev.caravan.check.RouteFolder;
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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.PropertiesSource;
import org.jspecify.annotations.Nullable;

/** Reads the edited files of a unit and holds them against all that runs beside them. */
final class EditCheck {
  private final Settings settings;
  private final JobCatalog jobs;
  private final Prices prices;
  private final Clock clock;
  private final RouteCheck check;

  EditCheck(Settings settings, JobCatalog jobs, Prices prices, CamelContext context, Clock clock) {
    this.settings = settings;
    this.jobs = jobs;
    this.prices = prices;
    this.clock = clock;
    this.check = new RouteCheck(settings.home(), context.getRegistry());
  }

  /** A checked edit; {@code job} is null for a file that all jobs share. */
  record Edit(@Nullable Job job, RouteFile file, PropertiesSource properties) {}

  /**
   * The edit that the files are now.
   *
   * @param good the files that run
   * @throws FaultsException with all that is wrong with it
   */
  Edit read(Unit unit, Map<Path, RouteFile> good) {
    Job job = unit.job() == null ? null : job(unit.job());
    RouteFile file = RouteFile.read(settings.home(), unit.routes());
    PropertiesSource properties = new LiveProperties(settings, candidate(job));
    refuse(check.faults(with(good, file), file, properties));
    return new Edit(job, file, properties);
  }

  /** Refuses that a shared file goes while others call its routes. */
  void mayGo(Unit unit, Map<Path, RouteFile> good) {
    Map<Path, RouteFile> rest = new TreeMap<>(good);
    rest.remove(unit.routes());
    refuse(check.between(new RouteFolder(List.copyOf(rest.values()), List.of())));
  }

  /** Whether Camel would build the same routes: same text, same values in its placeholders. */
  boolean isSame(RouteFile before, Edit edit) {
    PropertiesSource now = new LiveProperties(settings, jobs);
    return before.text().equals(edit.file().text())
        && edit.file().placeholders().stream()
            .allMatch(
                key ->
                    String.valueOf(edit.properties().getProperty(key))
                        .equals(String.valueOf(now.getProperty(key))));
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
    refuse(JobCheck.check(job, prices, clock.instant()));
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

  private static RouteFolder with(Map<Path, RouteFile> good, RouteFile file) {
    Map<Path, RouteFile> all = new TreeMap<>(good);
    all.put(file.path(), file);
    return new RouteFolder(List.copyOf(all.values()), List.of());
  }
}
