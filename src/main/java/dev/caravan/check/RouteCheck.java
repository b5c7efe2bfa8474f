package dev.caravan.check;

import dev.caravan.settings.Fault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.spi.PropertiesSource;
import org.apache.camel.spi.Registry;

/** Whether one edited route file can take its place among the others. */
public final class RouteCheck {
  private final Path home;
  private final Registry beans;

  /** {@code beans} are lent to the rehearsal and left alone by it. */
  public RouteCheck(Path home, Registry beans) {
    this.home = home;
    this.beans = beans;
  }

  /**
   * What is wrong with an edited file.
   *
   * @param folder all files as they would be, the edited one included
   * @param properties what the routes may name, as it would be
   */
  public List<Fault> faults(RouteFolder folder, RouteFile edited, PropertiesSource properties) {
    List<Fault> faults = new ArrayList<>(between(folder));
    RouteFolder alone = new RouteFolder(List.of(edited), List.of());
    Rehearsal rehearsal = new Rehearsal(beans, properties);
    faults.addAll(JobHooks.faults(home, folder));
    faults.addAll(LoadRoutes.faults(folder));
    faults.addAll(BeanNames.faults(alone, beans));
    faults.addAll(rehearsal.httpOptions(alone));
    faults.removeIf(fault -> fault.warning() || !edited.shown().equals(fault.file()));
    if (faults.isEmpty()) {
      faults.addAll(rehearsal.faults(edited));
    }
    return faults;
  }

  /** What is wrong between files: names that are used twice, calls that nobody serves. */
  public List<Fault> between(RouteFolder folder) {
    return RouteRules.faults(folder).stream().filter(fault -> !fault.warning()).toList();
  }
}
