package dev.caravan.check;

import dev.caravan.settings.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** One route of a file, as its YAML says it. */
record RoutePart(RouteFile file, RouteFile.Item item) {
  private static final Set<String> CALLS = Set.of("to", "toD", "wireTap", "enrich", "pollEnrich");

  String id() {
    return item.node().text("id");
  }

  int line() {
    return item.node().line();
  }

  YamlNode from() {
    return item.kind().equals("from") ? item.node() : item.node().get("from").orElse(item.node());
  }

  String fromUri() {
    return uri(from());
  }

  /** The calls of other endpoints, in order. */
  List<Call> calls() {
    List<Call> calls = new ArrayList<>();
    item.node()
        .walk(
            (key, value) -> {
              if (CALLS.contains(key)) {
                calls.add(new Call(value.entries().isEmpty() ? value.text() : uri(value), value));
              }
            });
    return calls;
  }

  /** An endpoint that the route calls. */
  record Call(String uri, YamlNode node) {
    String scheme() {
      int colon = uri.indexOf(':');
      return colon < 0 ? uri : uri.substring(0, colon);
    }

    /** Without parameters, and without the slashes that mean nothing. */
    String plain() {
      return RoutePart.plain(uri);
    }

    boolean isDynamic() {
      return uri.contains("${") || uri.contains("{{");
    }
  }

  /** The uri of a step, with the name that graphical editors put among the parameters. */
  private static String uri(YamlNode step) {
    String uri = step.text("uri");
    String name = step.get("parameters").map(parameters -> parameters.text("name")).orElse("");
    return uri.equals("direct") && !name.isEmpty() ? "direct:" + name : uri;
  }

  static String plain(String uri) {
    return uri.replaceFirst("\\?.*", "").replaceFirst("^([a-z0-9.+-]+):/*", "$1:");
  }

  Fault fault(YamlNode where, String message, String remedy) {
    return new Fault(file.shown(), where.line(), message, remedy);
  }
}
