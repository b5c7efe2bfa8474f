package dev.caravan.check;

import dev.caravan.settings.Fault;
import dev.caravan.settings.Nearest;
import dev.caravan.settings.Prices;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Models that a route names itself: known, and alive today. */
final class RouteModels {
  private RouteModels() {}

  /** {@code today} is a day of UTC, as for the night. */
  static List<Fault> faults(RouteFolder folder, Prices prices, LocalDate today) {
    List<Fault> faults = new ArrayList<>();
    for (RoutePart route : folder.routes()) {
      for (YamlNode scalar : route.item().node().scalars()) {
        if (scalar.text().matches("claude-[a-z0-9.-]+")) {
          fault(route, scalar, prices, today).ifPresent(faults::add);
        }
      }
    }
    return faults;
  }

  private static Optional<Fault> fault(
      RoutePart route, YamlNode scalar, Prices prices, LocalDate today) {
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
    LocalDate end = model.get().retiredOn();
    return end == null || end.isAfter(today)
        ? Optional.empty()
        : Optional.of(
            route.fault(scalar, "the model " + id + " was retired on " + end, "Use another one."));
  }
}
