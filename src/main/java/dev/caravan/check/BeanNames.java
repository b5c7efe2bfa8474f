package dev.caravan.check;

import dev.caravan.settings.Fault;
import dev.caravan.settings.Nearest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.spi.Registry;

/** Beans that routes name and nobody has made. */
final class BeanNames {
  private static final Set<String> KEYS =
      Set.of("ref", "aggregationStrategy", "aggregateController", "executorService");
  private static final Pattern REFERENCE = Pattern.compile("#(?:bean:)?([A-Za-z][A-Za-z0-9_-]*)");

  private BeanNames() {}

  static List<Fault> faults(RouteFolder folder, Registry beans) {
    Set<String> made = new HashSet<>();
    Set<String> named = new TreeSet<>(beans.findByTypeWithName(Object.class).keySet());
    folder.files().stream()
        .flatMap(file -> file.items().stream())
        .filter(item -> item.kind().equals("beans"))
        .forEach(item -> item.node().items().forEach(bean -> made.add(bean.text("name"))));
    List<Fault> faults = new ArrayList<>();
    for (RoutePart route : folder.routes()) {
      route
          .item()
          .node()
          .walk(
              (key, value) -> {
                String name = reference(key, value.text());
                if (!name.isEmpty() && !made.contains(name) && beans.lookupByName(name) == null) {
                  String remedy = Nearest.remedy(name, named);
                  faults.add(route.fault(value, "there is no bean " + name, remedy));
                }
              });
    }
    return faults;
  }

  private static String reference(String key, String value) {
    if (KEYS.contains(key)) {
      return value.contains("{{") || value.startsWith("#class:") ? "" : value.replace("#bean:", "");
    }
    Matcher reference = REFERENCE.matcher(value);
    return reference.matches() ? reference.group(1) : "";
  }
}
