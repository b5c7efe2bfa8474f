package dev.caravan.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A part of a YAML file that knows its line; what it should hold and doesn't is added to the faults
 * and read as the default.
 */
record YamlPart(String file, Node node, List<Fault> faults) {

  int line() {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }

  /** The parts of a list; none where there is no such key. */
  List<YamlPart> list(String key) {
    Node list = child(key);
    if (list == null) {
      return List.of();
    }
    if (!(list instanceof SequenceNode sequence)) {
      refuse(key + " must be a list");
      return List.of();
    }
    return sequence.getValue().stream().map(item -> new YamlPart(file, item, faults)).toList();
  }

  /** The value of a key that must be there. */
  <T> T value(String key, T byDefault, Function<String, T> reader) {
    if (child(key) == null) {
      refuse(key + " is missing");
      return byDefault;
    }
    T value = valueOrNull(key, reader);
    return value == null ? byDefault : value;
  }

  <T> @Nullable T valueOrNull(String key, Function<String, T> reader) {
    Node value = child(key);
    if (value == null) {
      return null;
    }
    return new YamlPart(file, value, faults).as(key, reader);
  }

  /** This part itself as one value. */
  <T> @Nullable T as(String what, Function<String, T> reader) {
    String text = node instanceof ScalarNode scalar ? scalar.getValue() : "a list or a map";
    try {
      return reader.apply(text);
    } catch (RuntimeException e) {
      refuse(what + " can't be " + text);
      return null;
    }
  }

  void allowOnly(Set<String> keys) {
    for (NodeTuple tuple : tuples()) {
      String key = ((ScalarNode) tuple.getKeyNode()).getValue();
      if (!keys.contains(key)) {
        new YamlPart(file, tuple.getKeyNode(), faults)
            .refuse("there is no " + key + " here", Nearest.remedy(key, List.copyOf(keys)));
      }
    }
  }

  void refuse(String message) {
    refuse(message, "");
  }

  private void refuse(String message, String remedy) {
    faults.add(new Fault(file, line(), message, remedy));
  }

  private @Nullable Node child(String key) {
    for (NodeTuple tuple : tuples()) {
      if (((ScalarNode) tuple.getKeyNode()).getValue().equals(key)) {
        return tuple.getValueNode();
      }
    }
    return null;
  }

  private List<NodeTuple> tuples() {
    List<NodeTuple> tuples = new ArrayList<>();
    if (node instanceof MappingNode map) {
      map.getValue().stream()
          .filter(t -> t.getKeyNode() instanceof ScalarNode)
          .forEach(tuples::add);
    }
    return tuples;
  }
}
