package dev.caravan.reload;

import dev.caravan.check.RouteFile;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** The running routes, by the file they came from. */
final class LiveRoutes {
  private final CamelContext context;

  LiveRoutes(CamelContext context) {
    this.context = context;
  }

  CamelContext context() {
    return context;
  }

  /** Whether an exchange is inside a route of this file. */
  boolean isBusy(RouteFile file) {
    return of(file).stream()
        .anyMatch(route -> context.getInflightRepository().size(route.getRouteId()) > 0);
  }

  /**
   * Puts a checked version of a file in the place of the one that runs; routes that left it go.
   *
   * @throws Exception when Camel refuses it; routes may be missing then, so put the last good
   *     version back
   */
  void put(RouteFile file) throws Exception {
    PluginHelper.getRoutesLoader(context)
        .updateRoutes(ResourceHelper.fromString("file:" + file.path(), file.text()));
    Set<String> ids = Set.copyOf(file.routeIds());
    remove(file, route -> !ids.contains(route.getRouteId()));
  }

  /** Stops and removes the routes of a file that the condition holds for. */
  void remove(RouteFile file, Predicate<Route> which) throws Exception {
    for (Route route : of(file)) {
      if (which.test(route)) {
        context.getRouteController().stopRoute(route.getRouteId());
        context.removeRoute(route.getRouteId());
      }
    }
  }

  private List<Route> of(RouteFile file) {
    return context.getRoutes().stream()
        .filter(
            route ->
                route.getSourceResource() != null
                    && route.getSourceResource().getLocation().endsWith(file.path().toString()))
        .collect(Collectors.toList());
  }
}
