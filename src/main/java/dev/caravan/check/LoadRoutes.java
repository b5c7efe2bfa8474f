package dev.caravan.check;

import dev.caravan.settings.Fault;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Load routes, and what they call, must stay inside the transaction of the ledger: same thread,
 * same connection.
 */
final class LoadRoutes {
  private static final Set<String> OTHER_THREAD =
      Set.of("wireTap", "threads", "aggregate", "resequence");
  private static final Set<String> OUTSIDE =
      Set.of("jdbc", "seda", "disruptor", "disruptor-vm", "vm", "jpa", "mybatis", "sql-stored");
  private static final String WHY = ": the rows would not be in the transaction of the ledger";
  private static final String REMEDY = "Use the bean loadSql, or sql: with dataSource #writer.";

  private final List<Fault> faults = new ArrayList<>();

  private LoadRoutes() {}

  static List<Fault> faults(RouteFolder folder) {
    LoadRoutes check = new LoadRoutes();
    List<RoutePart> routes = folder.routes();
    Deque<RoutePart> open = new ArrayDeque<>();
    Set<RoutePart> seen = new HashSet<>();
    routes.stream()
        .filter(route -> RouteFolder.job(route.file().path()).isPresent())
        .filter(route -> route.id().endsWith("-load"))
        .forEach(open::add);
    while (!open.isEmpty()) {
      RoutePart route = open.pop();
      if (seen.add(route)) {
        check.route(route);
        for (RoutePart.Call call : route.calls()) {
          routes.stream()
              .filter(r -> RoutePart.plain(r.fromUri()).equals(call.plain()))
              .forEach(open::add);
        }
      }
    }
    return check.faults;
  }

  private void route(RoutePart route) {
    for (RoutePart.Call call : route.calls()) {
      YamlNode parameters = call.node().get("parameters").orElse(call.node());
      String source = parameters.text("dataSource");
      if (OUTSIDE.contains(call.scheme())) {
        fault(route, call.node(), call.scheme() + ":");
      } else if (call.scheme().equals("sql")
          && !source.isEmpty()
          && !source.matches("#?(bean:)?writer")) {
        fault(route, call.node(), "dataSource " + source);
      }
    }
    route
        .item()
        .node()
        .walk(
            (key, value) -> {
              if (OTHER_THREAD.contains(key) && !value.entries().isEmpty()) {
                fault(route, value, key);
              } else if (key.equals("parallelProcessing") && value.text().equals("true")) {
                fault(route, value, "parallelProcessing");
              } else if (key.equals("asyncDelayed") && value.text().equals("true")) {
                fault(route, value, "asyncDelayed");
              }
            });
  }

  private void fault(RoutePart route, YamlNode where, String what) {
    faults.add(route.fault(where, what + " in the load route " + route.id() + WHY, REMEDY));
  }
}
