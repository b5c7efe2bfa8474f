package dev.caravan.extract;

import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.PluginHelper;

/** How a job's records come to their model and prompt: its running request route, as a text. */
public final class ModelRule {
  /** What is written for people. */
  private static final Pattern REMARKS =
      Pattern.compile("(?m)^[ -]*(id|description|note|routeConfigurationId):.*\\R?");

  private final CamelContext context;

  public ModelRule(CamelContext context) {
    this.context = context;
  }

  /** The route with its settings filled in, without remarks; empty where there is none. */
  String of(String job) {
    RouteDefinition route = ((ModelCamelContext) context).getRouteDefinition(job + "-request");
    if (route == null) {
      return "";
    }
    try {
      String yaml =
          PluginHelper.getModelToYAMLDumper(context)
              .dumpModelAsYaml(context, route, true, true, false, false);
      return REMARKS.matcher(yaml).replaceAll("");
    } catch (Exception e) {
      throw new IllegalStateException(
          "Route " + job + "-request can't be read for its prompt version: " + e, e);
    }
  }
}
