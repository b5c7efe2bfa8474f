package dev.caravan.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** A part of a route file that knows its line; what it doesn't have is empty. */
record YamlNode(Node node) {

  /** From 1. */
  int line() {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }

  /** A scalar's value; empty for lists and maps. */
  String text() {
    return node instanceof ScalarNode scalar ? scalar.getValue() : "";
  }

  String text(String key) {
    return get(key).map(YamlNode::text).orElse("");
  }

  Optional<YamlNode> get(String key) {
    return Optional.ofNullable(entries().get(key));
  }

  Map<String, YamlNode> entries() {
    Map<String, YamlNode> entries = new LinkedHashMap<>();
    if (node instanceof MappingNode map) {
      map.getValue()
          .forEach(
              tuple ->
                  entries.put(
                      new YamlNode(tuple.getKeyNode()).text(), new YamlNode(tuple.getValueNode())));
    }
    return entries;
  }

  List<YamlNode> items() {
    return node instanceof SequenceNode sequence
        ? sequence.getValue().stream().map(YamlNode::new).toList()
        : List.of();
  }

  /** Shows every key with its value, from the outside in. */
  void walk(BiConsumer<String, YamlNode> visitor) {
    items().forEach(item -> item.walk(visitor));
    entries()
        .forEach(
            (key, value) -> {
              visitor.accept(key, value);
              value.walk(visitor);
            });
  }

  /** Every scalar at or below this node. */
  List<YamlNode> scalars() {
    List<YamlNode> scalars = new ArrayList<>();
    if (node instanceof ScalarNode) {
      scalars.add(this);
    }
    items().forEach(item -> scalars.addAll(item.scalars()));
    entries().values().forEach(value -> scalars.addAll(value.scalars()));
    return scalars;
  }
}
