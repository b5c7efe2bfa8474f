package dev.caravan.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request as it was asked, for scripts that answer it.
 *
 * @param customId empty for a call of POST /v1/messages
 * @param params parameters of the Messages API
 */
public record Asked(String customId, JsonNode params) {

  /** The texts of all user messages, joined by line ends. */
  public String prompt() {
    List<String> texts = new ArrayList<>();
    for (JsonNode message : params.path("messages")) {
      if (message.path("role").asText().equals("user")) {
        collect(message.path("content"), texts);
      }
    }
    return String.join("\n", texts);
  }

  /** The schema of {@code output_config.format}, or of the tool that is forced; null if neither. */
  public @Nullable JsonNode schema() {
    JsonNode schema = params.path("output_config").path("format").path("schema");
    if (schema.isObject()) {
      return schema;
    }
    JsonNode tool = forcedTool();
    return tool == null ? null : tool.path("input_schema");
  }

  /** The tool that {@code tool_choice} demands, null if the model is free. */
  @Nullable JsonNode forcedTool() {
    JsonNode choice = params.path("tool_choice");
    String type = choice.path("type").asText();
    for (JsonNode tool : params.path("tools")) {
      boolean named = type.equals("tool") && tool.path("name").equals(choice.path("name"));
      if (named || type.equals("any")) {
        return tool;
      }
    }
    return null;
  }

  String model() {
    return params.path("model").asText();
  }

  private static void collect(JsonNode content, List<String> texts) {
    if (content.isTextual()) {
      texts.add(content.asText());
    }
    for (JsonNode block : content) {
      if (block.path("text").isTextual()) {
        texts.add(block.path("text").asText());
      }
    }
  }
}
