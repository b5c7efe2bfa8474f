package dev.caravan.settings;

import static dev.caravan.settings.JsonText.child;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/** The {@code $ref}s of a schema: each must lead to a place in it, and never back to itself. */
final class SchemaRefs {
  private final JsonText json;
  private final Map<String, String> targets = new LinkedHashMap<>();

  SchemaRefs(JsonText json) {
    this.json = json;
    collect(json.root(), "");
  }

  void faults(SchemaFaults faults) {
    targets.forEach(
        (pointer, target) -> {
          if (!target.startsWith("#")) {
            faults.refuse(pointer, "$ref leads out of the file", "Copy what it names into $defs.");
          } else if (!target.matches("#(/.*)?")
              || json.root().at(target.substring(1)).isMissingNode()) {
            faults.refuse(pointer, "$ref " + target + " leads nowhere", "Write #/$defs/<name>.");
          } else if (returns(pointer, target.substring(1))) {
            faults.refuse(
                pointer,
                "$ref " + target + " is recursive",
                "Write out as many levels as you need.");
          }
        });
  }

  /** Whether the place that a $ref leads to holds, at any depth of following, the $ref itself. */
  private boolean returns(String ref, String target) {
    Deque<String> places = new ArrayDeque<>();
    Map<String, Boolean> seen = new LinkedHashMap<>();
    places.add(target);
    while (!places.isEmpty()) {
      String place = places.remove();
      if (seen.put(place, true) != null) {
        continue;
      }
      for (Map.Entry<String, String> inside : targets.entrySet()) {
        if (inside.getKey().startsWith(place + "/")) {
          if (inside.getKey().equals(ref)) {
            return true;
          }
          places.add(inside.getValue().replaceFirst("^#", ""));
        }
      }
    }
    return false;
  }

  private void collect(JsonNode node, String at) {
    if (node.path("$ref").isTextual()) {
      targets.put(child(at, "$ref"), node.path("$ref").asText());
    }
    node.properties().forEach(e -> collect(e.getValue(), child(at, e.getKey())));
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      collect(node.path(i), child(at, String.valueOf(i)));
    }
  }
}
