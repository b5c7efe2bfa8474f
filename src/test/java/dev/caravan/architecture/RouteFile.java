package dev.caravan.architecture;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * One file below {@code routes/}, parsed.
 *
 * @param path below the routes folder, such as {@code jobs/invoices.camel.yaml}
 * @param content the list of routes, route configurations and beans
 */
record RouteFile(Path path, List<String> lines, JsonNode content) {
  private static final YAMLMapper YAML =
      YAMLMapper.builder().configure(JsonParser.Feature.STRICT_DUPLICATE_DETECTION, true).build();

  /** All YAML files below the folder, in order of their names; none if it does not exist. */
  static List<RouteFile> below(Path folder) throws IOException {
    if (Files.notExists(folder)) {
      return List.of();
    }
    var files = new ArrayList<RouteFile>();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (var path : paths.filter(RouteFile::isYaml).sorted().toList()) {
        files.add(read(folder, path));
      }
    }
    return files;
  }

  private static RouteFile read(Path folder, Path path) throws IOException {
    var text = Files.readString(path);
    try {
      return new RouteFile(folder.relativize(path), text.lines().toList(), YAML.readTree(text));
    } catch (JsonProcessingException e) {
      throw new IOException(path + " is no YAML: " + e.getMessage(), e);
    }
  }

  private static boolean isYaml(Path path) {
    return path.toString().endsWith(".yaml") || path.toString().endsWith(".yml");
  }

  boolean isJob() {
    return path.startsWith("jobs");
  }

  List<JsonNode> routes() {
    return content.findValues("route").stream().filter(JsonNode::isObject).toList();
  }

  /** All steps at or below the node, nested ones too: the entries of every {@code steps} list. */
  static List<JsonNode> steps(JsonNode node) {
    var steps = new ArrayList<JsonNode>();
    walk(
        node,
        (key, value) -> {
          if (key.equals("steps") && value.isArray()) {
            value.forEach(steps::add);
          }
        });
    return steps;
  }

  /** Shows every key with its value, from the outside in. */
  static void walk(JsonNode node, BiConsumer<String, JsonNode> visitor) {
    if (node.isArray()) {
      node.forEach(child -> walk(child, visitor));
    }
    node.properties()
        .forEach(
            entry -> {
              visitor.accept(entry.getKey(), entry.getValue());
              walk(entry.getValue(), visitor);
            });
  }
}
