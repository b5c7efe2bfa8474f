package dev.caravan.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;

/** The check of what messages and tools contain. */
final class ContentCheck {
  private static final int MOST_MARKS = 4;
  private static final Set<String> TOOL_FIELDS =
      Set.of(
          "type",
          "name",
          "description",
          "input_schema",
          "strict",
          "cache_control",
          "allowed_callers",
          "defer_loading",
          "eager_input_streaming",
          "input_examples");

  private ContentCheck() {}

  /** The first fault in the API's words. */
  static Optional<String> problem(JsonNode params, String version) {
    return roles(params, version)
        .or(() -> marks(params))
        .or(() -> tools(params))
        .or(() -> urls(params));
  }

  private static Optional<String> roles(JsonNode params, String version) {
    boolean withSystem = Access.isNew(version);
    Set<String> roles =
        withSystem ? Set.of("user", "assistant", "system") : Set.of("user", "assistant");
    JsonNode messages = params.get("messages");
    for (int i = 0; i < messages.size(); i++) {
      String at = "messages." + i + ".";
      if (!messages.get(i).hasNonNull("content")) {
        return Optional.of(at + "content: Field required");
      }
      if (!roles.contains(messages.get(i).path("role").asText())) {
        return Optional.of(
            at
                + "role: Input should be 'user'"
                + (withSystem ? ", 'assistant' or 'system'" : " or 'assistant'"));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> marks(JsonNode params) {
    int marks = params.findValues("cache_control").size();
    return marks > MOST_MARKS
        ? Optional.of(
            "A maximum of 4 blocks with cache_control may be provided. Found " + marks + ".")
        : Optional.empty();
  }

  private static Optional<String> tools(JsonNode params) {
    JsonNode tools = params.path("tools");
    for (int i = 0; i < tools.size(); i++) {
      // a typed tool is one of the server's, each with fields of its own
      if (!tools.get(i).path("type").asText("custom").equals("custom")) {
        continue;
      }
      for (Iterator<String> names = tools.get(i).fieldNames(); names.hasNext(); ) {
        String name = names.next();
        if (!TOOL_FIELDS.contains(name)) {
          return Optional.of("tools." + i + ".custom." + name + ": Extra inputs are not permitted");
        }
      }
    }
    return Optional.empty();
  }

  // the simulator opens no connections: hosts of the reserved domain .invalid are the unreachable
  // ones
  private static Optional<String> urls(JsonNode params) {
    for (JsonNode source : params.get("messages").findValues("source")) {
      if (source.path("url").asText().matches("https?://[^/]*\\.invalid(/.*)?")) {
        return Optional.of("Unable to download the file. Please verify the URL and try again.");
      }
    }
    return Optional.empty();
  }
}
