package dev.caravan.check;

import dev.caravan.settings.Fault;
import dev.caravan.settings.JobReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The four routes that a job must bring, each with the from and the error handling it needs. */
final class JobHooks {
  private final RouteFolder folder;
  private final List<Fault> faults = new ArrayList<>();

  private JobHooks(RouteFolder folder) {
    this.folder = folder;
  }

  /** Missing hooks of every job, and jobs that have only their folder or only their routes. */
  static List<Fault> faults(Path home, RouteFolder folder) {
    JobHooks hooks = new JobHooks(folder);
    List<String> jobs = JobReader.names(home);
    jobs.forEach(job -> hooks.job(home, job));
    for (RouteFile file : folder.files()) {
      RouteFolder.job(file.path())
          .filter(job -> !jobs.contains(job))
          .ifPresent(
              job ->
                  hooks.faults.add(
                      Fault.in(
                          file.shown(),
                          "there is no folder config/jobs/" + job,
                          "Create it with ./caravan new " + job + ", or remove this file.")));
    }
    return hooks.faults;
  }

  private void job(Path home, String job) {
    Path path = home.toAbsolutePath().normalize().resolve("routes/jobs/" + job + ".camel.yaml");
    Optional<RouteFile> file =
        folder.files().stream().filter(f -> f.path().equals(path)).findFirst();
    if (file.isEmpty()) {
      boolean unreadable = folder.faults().stream().anyMatch(f -> isOf(f, job));
      if (!unreadable) {
        faults.add(
            Fault.in(
                "routes/jobs/" + job + ".camel.yaml",
                "is missing: config/jobs/" + job + " has no routes",
                "Copy it from another job, or remove the folder."));
      }
      return;
    }
    hook(file.get(), job + "-submit", "quartz:", "run-errors");
    hook(file.get(), job + "-request", "direct:" + job + "-request", "record-errors");
    hook(file.get(), job + "-load", "direct:" + job + "-load", "");
    hook(file.get(), job + "-report", "quartz:", "");
  }

  private static boolean isOf(Fault fault, String job) {
    return ("routes/jobs/" + job + ".camel.yaml").equals(fault.file());
  }

  private void hook(RouteFile file, String id, String from, String errors) {
    Map<String, RoutePart> routes = new LinkedHashMap<>();
    file.routes().forEach(route -> routes.put(route.id(), route));
    RoutePart route = routes.get(id);
    if (route == null) {
      faults.add(
          new Fault(
              file.shown(),
              0,
              "has no route with the id " + id,
              routes.isEmpty()
                  ? "Add it."
                  : "Its routes are: " + String.join(", ", routes.keySet())));
      return;
    }
    String uri = RoutePart.plain(route.fromUri());
    boolean same = from.endsWith(":") ? uri.startsWith(from) : uri.equals(from);
    if (!same) {
      faults.add(
          route.fault(
              route.from(),
              id
                  + " begins with "
                  + (uri.isEmpty() ? "nothing" : uri)
                  + ", but Caravan needs "
                  + from,
              from.endsWith(":")
                  ? "Its schedule is a quartz: endpoint."
                  : "Caravan calls it by this name."));
    }
    String named = route.item().node().text("routeConfigurationId");
    if (!errors.isEmpty() && !named.equals(errors)) {
      faults.add(
          route.fault(
              route.item().node(),
              id + " names no routeConfigurationId: " + errors,
              "Add it: without it Caravan does not learn of a failure in this route."));
    }
  }
}
