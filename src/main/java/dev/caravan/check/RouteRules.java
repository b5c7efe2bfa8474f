package dev.caravan.check;

import dev.caravan.settings.Fault;
import dev.caravan.settings.Nearest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What must hold over all route files together, and Camel itself does not check. */
final class RouteRules {
  private static final Set<String> HOOKS =
      Set.of("direct:${variable.job}-request", "direct:${variable.job}-load");

  private final RouteFolder folder;
  private final List<Fault> faults = new ArrayList<>();

  private RouteRules(RouteFolder folder) {
    this.folder = folder;
  }

  /** Ids and from URIs that occur twice, and {@code direct:} calls that nobody serves. */
  static List<Fault> faults(RouteFolder folder) {
    RouteRules rules = new RouteRules(folder);
    rules.uniqueIds();
    rules.uniqueFroms();
    rules.servedCalls();
    return rules.faults;
  }

  private void uniqueIds() {
    Map<String, String> seen = new HashMap<>();
    for (RouteFile file : folder.files()) {
      for (RouteFile.Item item : file.items()) {
        if (!item.kind().equals("beans")) {
          id(file, item.node(), seen);
          item.node()
              .walk(
                  (key, value) -> {
                    if (!key.equals("parameters")) {
                      id(file, value, seen);
                    }
                    value.items().forEach(step -> id(file, step, seen));
                  });
        }
      }
    }
  }

  private void id(RouteFile file, YamlNode step, Map<String, String> seen) {
    Optional<YamlNode> id = step.get("id").filter(node -> !node.text().isEmpty());
    if (id.isEmpty()) {
      return;
    }
    String here = file.shown() + ":" + id.get().line();
    String before = seen.putIfAbsent(id.get().text(), here);
    if (before != null && !before.equals(here)) {
      faults.add(
          new Fault(
              file.shown(),
              id.get().line(),
              "the id " + id.get().text() + " is already used in " + before,
              "Give one of the two another id: of two routes with one id only one would run."));
    }
  }

  private void uniqueFroms() {
    Map<String, String> seen = new HashMap<>();
    for (RoutePart route : folder.routes()) {
      String uri = RoutePart.plain(route.fromUri());
      String here = route.file().shown() + ":" + route.from().line();
      String before = seen.putIfAbsent(uri, here);
      if (uri.isEmpty()) {
        faults.add(
            route.fault(
                route.from(), "the route " + route.id() + " has no from.uri", "Add its from."));
      } else if (before != null) {
        faults.add(
            route.fault(
                route.from(),
                uri + " is already served in " + before,
                "Only one route can serve it: rename one."));
      }
    }
  }

  private void servedCalls() {
    Set<String> served = new HashSet<>();
    folder.routes().forEach(route -> served.add(RoutePart.plain(route.fromUri())));
    for (RoutePart route : folder.routes()) {
      for (RoutePart.Call call : route.calls()) {
        if (call.scheme().equals("direct") && !call.isDynamic() && !served.contains(call.plain())) {
          faults.add(
              route.fault(
                  call.node(), call.plain() + " is served by no route", nearest(call, served)));
        } else if (call.scheme().equals("direct")
            && call.uri().contains("${")
            && !HOOKS.contains(call.uri())) {
          faults.add(dynamic(route, call));
        }
      }
    }
  }

  private static Fault dynamic(RoutePart route, RoutePart.Call call) {
    return route
        .fault(
            call.node(),
            call.uri() + " is known only when it is called, so it could not be checked",
            "Name the route that is meant, if there is only one.")
        .asWarning();
  }

  private static String nearest(RoutePart.Call call, Set<String> served) {
    Stream<String> names = served.stream().filter(uri -> uri.startsWith("direct:")).sorted();
    return Nearest.remedy(call.plain(), names.toList());
  }
}
