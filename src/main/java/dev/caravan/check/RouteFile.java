package dev.caravan.check;

import dev.caravan.batch.Reasons;
import dev.caravan.settings.Fault;
import dev.caravan.settings.FaultsException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * One parsed file of {@code routes/}: its routes, route configurations and beans, each an item.
 *
 * @param shown its path below the home directory, for messages
 */
public record RouteFile(Path path, String shown, String text, List<Item> items) {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{\\??([^}:]+)(?::[^}]*)?}}");

  /** One entry of the file's list: the lines {@code from} (from 1) up to, not including, to. */
  record Item(String kind, YamlNode node, int from, int to) {}

  /**
   * The file as it is now.
   *
   * @throws FaultsException naming line and column of what is no YAML, and what is no list
   */
  public static RouteFile read(Path home, Path path) {
    String shown = home.relativize(path).toString().replace('\\', '/');
    try {
      return parse(path, shown, Files.readString(path).replace("\uFEFF", ""));
    } catch (CharacterCodingException e) {
      throw fault(shown, 0, "is not UTF-8 text", "Save it as UTF-8.");
    } catch (IOException e) {
      throw fault(shown, 0, "can't be read: " + Reasons.of(e), "Check its permissions.");
    }
  }

  static RouteFile parse(Path path, String shown, String text) {
    YamlNode root = new YamlNode(compose(shown, text));
    List<YamlNode> nodes = root.items();
    if (nodes.isEmpty()) {
      throw fault(shown, root.line(), "is not a list of routes", "Begin each one with - route:");
    }
    int lines = (int) text.lines().count();
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      int to = i + 1 < nodes.size() ? nodes.get(i + 1).line() : lines + 1;
      int from = nodes.get(i).line();
      nodes.get(i).entries().forEach((kind, node) -> items.add(new Item(kind, node, from, to)));
    }
    return new RouteFile(path, shown, text, items);
  }

  private static Node compose(String shown, String text) {
    LoadSettings settings = LoadSettings.builder().setLabel(shown).build();
    try {
      Optional<Node> node = new Compose(settings).composeString(text);
      return node.orElseThrow(() -> fault(shown, 0, "is empty", "Write its routes, or remove it."));
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
      int column = e.getProblemMark().map(mark -> mark.getColumn() + 1).orElse(0);
      throw fault(
          shown,
          line,
          "not valid YAML at column " + column + ": " + e.getProblem(),
          "Compare the indentation with the lines above, and quote texts that hold : or #.");
    } catch (YamlEngineException e) {
      throw fault(shown, 0, "not valid YAML: " + Reasons.of(e), "");
    }
  }

  private static FaultsException fault(String file, int line, String message, String remedy) {
    return new FaultsException(List.of(new Fault(file, line, message, remedy)));
  }

  List<RoutePart> routes() {
    return items.stream()
        .filter(item -> item.kind().equals("route") || item.kind().equals("from"))
        .map(item -> new RoutePart(this, item))
        .toList();
  }

  /** Ids of its routes. */
  public List<String> routeIds() {
    return routes().stream().map(RoutePart::id).toList();
  }

  /** Whether it holds what other files' routes are built with. */
  public boolean configuresRoutes() {
    return items.stream().anyMatch(item -> item.kind().equals("routeConfiguration"));
  }

  /** The keys of its <code>{{placeholders}}</code>. */
  public Set<String> placeholders() {
    return PLACEHOLDER
        .matcher(text)
        .results()
        .map(placeholder -> placeholder.group(1))
        .collect(Collectors.toSet());
  }

  /** The text with every line outside of the item blank, so that line numbers stay. */
  String only(Item item) {
    List<String> lines = text.lines().toList();
    StringBuilder only = new StringBuilder();
    for (int line = 1; line <= lines.size(); line++) {
      only.append(line >= item.from() && line < item.to() ? lines.get(line - 1) : "").append('\n');
    }
    return only.toString();
  }
}
