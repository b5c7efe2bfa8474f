package dev.caravan.reload;

import dev.caravan.batch.Alerts;
import dev.caravan.batch.Reasons;
import dev.caravan.check.RouteFolder;
import dev.caravan.ledger.SqlFault;
import dev.caravan.settings.Fault;
import dev.caravan.settings.FaultsException;
import dev.caravan.settings.JobReader;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for edits of {@code routes/} and {@code config/jobs/}: a good one takes effect as soon as
 * nothing of its file is in flight, a bad one is told once and the last good version stays. Used by
 * one thread.
 */
public final class Reload {
  private static final Logger LOG = LoggerFactory.getLogger(Reload.class);

  private final Path home;
  private final Editions editions;
  private final Alerts alerts;
  private final Map<String, String> seen = new HashMap<>();
  private final Map<String, String> settled = new HashMap<>();

  /** What is in {@code home} now is what runs. */
  public Reload(Path home, Editions editions, Alerts alerts) {
    this.home = home.toAbsolutePath().normalize();
    this.editions = editions;
    this.alerts = alerts;
    units().forEach(unit -> settled.put(unit.name(), unit.version()));
  }

  /**
   * One look, to be made every few seconds. A file must be the same in two looks before it counts
   * as edited: an editor may be in the middle of writing it.
   */
  public void look() {
    for (Unit unit : units()) {
      String version = unit.version();
      boolean still = version.equals(seen.put(unit.name(), version));
      if (still && !version.equals(settled.get(unit.name()))) {
        take(unit, version);
      }
    }
  }

  private void take(Unit unit, String version) {
    // what waits is no longer what ran: a return to it counts as an edit again
    settled.remove(unit.name());
    try {
      if (editions.take(unit, version)) {
        settled.put(unit.name(), version);
        LOG.info("Edit of {} accepted", unit.name());
      }
    } catch (FaultsException e) {
      settled.put(unit.name(), version);
      tell(unit, version, e.faults());
    } catch (Exception e) {
      if (SqlFault.of(e) == SqlFault.TRANSIENT) {
        throw new IllegalStateException("the edit of " + unit.name() + " waits", e);
      }
      settled.put(unit.name(), version);
      tell(unit, version, List.of(Fault.in(unit.name(), Reasons.of(e), "")));
    }
  }

  private void tell(Unit unit, String version, List<Fault> faults) {
    String text =
        faults.stream()
            .map(fault -> fault.toString().replaceAll("\\s*\\R\\s*", ". "))
            .collect(Collectors.joining("; "));
    LOG.error(
        "Edit of {} rejected; the previous version stays active: {}",
        unit.name(),
        text.replaceAll("\\s+", " "));
    alerts.raise(
        "edit-" + unit.name().replaceAll("[^A-Za-z0-9-]", "-") + "-" + version.substring(0, 12),
        "Edit of " + unit.name() + " rejected",
        text + ". The previous version stays active.",
        "Correct it; ./caravan check tells whether it is right. It takes effect automatically then.");
  }

  /** Everything that can be edited, or was there before. */
  private List<Unit> units() {
    Set<Unit> units = new TreeSet<>(Comparator.comparing(Unit::name));
    Path routes = home.resolve("routes");
    JobReader.names(home).forEach(job -> units.add(Unit.job(home, job)));
    for (Path path : RouteFolder.paths(routes)) {
      units.add(
          RouteFolder.job(path)
              .map(job -> Unit.job(home, job))
              .orElseGet(() -> Unit.shared(home, path)));
    }
    editions.known().forEach(units::add);
    return List.copyOf(units);
  }
}
