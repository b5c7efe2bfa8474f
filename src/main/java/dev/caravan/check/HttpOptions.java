package dev.caravan.check;

import dev.caravan.settings.Fault;
import dev.caravan.settings.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.EndpointUriFactory;

/** Misspelt options of HTTP calls, which Camel would send to the server as query parameters. */
final class HttpOptions {
  private static final String BASE_URL = "{{anthropic.base-url}}";

  /** Taken by the component as well, though its list of endpoint options does not name them. */
  private static final Set<String> TIMEOUTS =
      Set.of("connectionRequestTimeout", "connectTimeout", "responseTimeout", "soTimeout");

  private HttpOptions() {}

  static List<Fault> faults(RouteFolder folder, CamelContext context) {
    EndpointUriFactory http = context.getCamelContextExtension().getEndpointUriFactory("http");
    List<Fault> faults = new ArrayList<>();
    for (RoutePart route : folder.routes()) {
      for (RoutePart.Call call : route.calls()) {
        boolean isHttp = call.scheme().matches("https?") || call.uri().startsWith(BASE_URL);
        call.node()
            .get("parameters")
            .filter(parameters -> isHttp)
            .ifPresent(
                parameters ->
                    parameters
                        .entries()
                        .forEach(
                            (name, value) -> {
                              if (!isOption(name, http)) {
                                faults.add(unknown(route, name, value, http.propertyNames()));
                              }
                            }));
      }
    }
    return faults;
  }

  private static boolean isOption(String name, EndpointUriFactory http) {
    return TIMEOUTS.contains(name)
        || http.propertyNames().contains(name)
        || http.multiValuePrefixes().values().stream().anyMatch(name::startsWith);
  }

  private static Fault unknown(RoutePart route, String name, YamlNode value, Set<String> options) {
    List<String> known = Stream.concat(options.stream(), TIMEOUTS.stream()).sorted().toList();
    return route.fault(
        value,
        "http has no option " + name + ": it would be sent to the server as a query parameter",
        Nearest.remedy(name, known) + " A query parameter is set with the header CamelHttpQuery.");
  }
}
