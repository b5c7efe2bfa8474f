package dev.caravan.check;

import dev.caravan.settings.Fault;
import dev.caravan.settings.Nearest;
import dev.caravan.settings.Prices;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Models that a route names itself: known, and alive. */
final class RouteModels {
  private RouteModels() {}

  static List<Fault> faults(RouteFolder folder, Prices prices, Instant now) {
    List<Fault> faults = new ArrayList<>();
    for (RoutePart route : folder.routes()) {
      for (YamlNode scalar : route.item().node().scalars()) {
        if (scalar.text().matches("claude-[a-z0-9.-]+")) {
          fault(route, scalar, prices, now).ifPresent(faults::add);
        }
      }
    }
    return faults;
  }

  private static Optional<Fault> fault(
      RoutePart route, YamlNode scalar, Prices prices, Instant now) {
    String id = scalar.text();
    Optional<Prices.Model> model = prices.model(id);
    if (model.isEmpty()) {
      List<String> known = prices.models().stream().map(Prices.Model::id).toList();
      return Optional.of(
          route.fault(
              scalar,
              "the model " + id + " is not in config/prices.yaml",
              Nearest.remedy(id, known)));
    }
    return !model.get().isRetired(now)
        ? Optional.empty()
        : Optional.of(
            route.fault(
                scalar,
                "the model " + id + " was retired on " + model.get().retiredOn(),
                "Use another one."));
  }
}
