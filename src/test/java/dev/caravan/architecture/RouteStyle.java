package dev.caravan.architecture;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The rules for route files that one can read off the files alone; collects what breaks them. */
final class RouteStyle {
  private static final Set<String> GROUPS =
      Set.of(
          "extract",
          "submit",
          "poll",
          "collect",
          "load",
          "report",
          "errors",
          "anthropic",
          "housekeeping");
  private static final Set<String> INNER_SCHEMES = Set.of("direct", "log");
  private static final Set<String> SCRIPTS =
      Set.of("groovy", "joor", "java", "js", "python", "ognl", "mvel", "script", "process");
  private static final Set<String> LANGUAGE_NAMES = Set.of("language", "scriptLanguage");
  private static final Pattern KEBAB = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
  private static final Pattern HOOK =
      Pattern.compile("direct:\\$\\{variable\\.job}-(request|load)");
  private static final Pattern COMPARISON =
      Pattern.compile(
          "}\\s+(==|=~|!=|!=~|>=|<=|>|<|~~|!?contains|!?in|!?is|!?regex|!?range"
              + "|starts ?with|ends ?with)\\s");
  private static final int STEPS = 8;
  private static final int LINES = 180;
  private static final int LINES_OF_A_JOB = 200;

  private final List<String> faults = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();

  static List<String> faults(List<RouteFile> files) {
    var style = new RouteStyle();
    files.forEach(style::check);
    style.checkDirectNames(files);
    return style.faults;
  }

  private void check(RouteFile file) {
    var where = file.path().toString();
    faults.addAll(CanonicalForm.faults(file));
    if (!file.path().getFileName().toString().matches("[^.]+\\.camel\\.yaml")) {
      fault(where, "a file name has no dots but those of .camel.yaml");
    }
    int limit = file.isJob() ? LINES_OF_A_JOB : LINES;
    if (file.lines().size() > limit) {
      fault(where, "%d lines, the limit is %d".formatted(file.lines().size(), limit));
    }
    file.routes().forEach(route -> checkRoute(where, route));
    file.content().findValues("routeConfiguration").forEach(node -> checkId(where, node));
    RouteFile.steps(file.content()).forEach(step -> checkStep(where, step));
    RouteFile.walk(file.content(), (key, value) -> checkLanguage(where, key, value));
  }

  private void checkRoute(String file, JsonNode route) {
    var where = file + ": " + route.path("id").asText("route");
    checkId(file, route);
    if (route.path("description").asText().isBlank()) {
      fault(where, "has no description");
    }
    if (!GROUPS.contains(route.path("group").asText())) {
      fault(where, "group is '%s', none of the stages".formatted(route.path("group").asText()));
    }
    int steps = RouteFile.steps(route).size();
    if (steps > STEPS) {
      fault(where, "%d steps, the limit is %d".formatted(steps, STEPS));
    }
  }

  private void checkStep(String file, JsonNode step) {
    step.properties()
        .forEach(
            entry -> {
              var name = entry.getKey();
              var where = file + ": " + entry.getValue().path("id").asText(name);
              boolean external = isExternal(name, entry.getValue());
              if (external || name.equals("bean") || entry.getValue().has("id")) {
                checkId(file + ": " + name, entry.getValue());
              }
              if (external && entry.getValue().path("description").asText().isBlank()) {
                fault(where, "goes outside and has no description");
              }
            });
  }

  private static boolean isExternal(String name, JsonNode step) {
    return (name.equals("to") || name.equals("toD"))
        && !INNER_SCHEMES.contains(step.path("uri").asText().split(":", 2)[0]);
  }

  private void checkId(String where, JsonNode node) {
    var id = node.path("id").asText();
    if (!KEBAB.matcher(id).matches()) {
      fault(where, id.isEmpty() ? "has no id" : "id '" + id + "' is not kebab-case");
    } else if (!ids.add(id)) {
      fault(where, "id '" + id + "' is used twice");
    }
  }

  private void checkLanguage(String where, String key, JsonNode value) {
    var language = LANGUAGE_NAMES.contains(key) && value.isTextual() ? value.asText() : key;
    if (SCRIPTS.contains(language)) {
      fault(where, "'%s': decisions are named beans, not scripts".formatted(language));
    }
    var text = value.path("expression").asText(value.asText());
    if (key.equals("simple") && !isSimpleEnough(text)) {
      fault(where, "simple is a value or one comparison, not '%s'".formatted(text));
    }
  }

  private static boolean isSimpleEnough(String simple) {
    return !simple.contains("&&")
        && !simple.contains("||")
        && !(simple.contains(" ? ") && simple.contains(" : "))
        && COMPARISON.matcher(simple).results().count() <= 1;
  }

  private void checkDirectNames(List<RouteFile> files) {
    var served = new HashSet<String>();
    for (var file : files) {
      file.content().findValues("from").forEach(from -> served.add(from.path("uri").asText()));
    }
    for (var file : files) {
      for (var uri : file.content().findValuesAsText("uri")) {
        if (uri.startsWith("direct:") && !served.contains(uri) && !HOOK.matcher(uri).matches()) {
          fault(file.path().toString(), uri + " is served by no route");
        }
      }
    }
  }

  private void fault(String where, String what) {
    faults.add(where + ": " + what);
  }
}
