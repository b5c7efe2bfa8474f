package dev.caravan.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** Makes the Message that answers a request, spoilt by its fault if it has one. */
final class MessageMaker {
  private final Answers answers;
  private final TokenMeter meter;

  MessageMaker(Answers answers, TokenMeter meter) {
    this.answers = answers;
    this.meter = meter;
  }

  /** A Message and what it would be billed. */
  record Made(ObjectNode message, Usage usage) {}

  Made make(
      Asked asked,
      Models.Model model,
      String workspace,
      String serviceTier,
      Fault.@Nullable OfLine fault) {
    Draft draft = spoil(draft(asked), fault);
    long allowed = asked.params().path("max_tokens").asLong();
    long output = 4 + TokenMeter.ofText(draft.text);
    if (output > allowed) {
      draft = draft.cutTo(allowed);
      output = allowed;
    } else if (draft.stopReason.equals("max_tokens")) {
      output = allowed;
    }
    Usage usage =
        meter.charge(workspace, asked.params(), model).withOutput(draft.isEmpty() ? 0 : output);
    return new Made(json(draft, asked, model, usage.json(serviceTier), fault), usage);
  }

  private Draft draft(Asked asked) {
    String text = answers.to(asked);
    JsonNode tool = asked.forcedTool();
    return tool == null ? new Draft(text, "end_turn") : new Draft(text, "tool_use");
  }

  private static Draft spoil(Draft draft, Fault.@Nullable OfLine fault) {
    if (fault instanceof Fault.Refusal) {
      return new Draft("", "refusal");
    }
    if (fault instanceof Fault.Empty) {
      return new Draft("", "end_turn");
    }
    if (fault instanceof Fault.Truncated) {
      return new Draft(draft.text.substring(0, draft.text.length() / 2), "max_tokens");
    }
    if (fault instanceof Fault.StopReason reason) {
      return new Draft(draft.text, reason.stopReason());
    }
    if (fault instanceof Fault.InvalidOutput invalid) {
      return new Draft(miss(draft.text, invalid.miss()), draft.stopReason);
    }
    return draft;
  }

  private static String miss(String text, Fault.Miss miss) {
    JsonNode json = read(text);
    if (miss == Fault.Miss.PROSE || !(json instanceof ObjectNode object) || object.isEmpty()) {
      return "Certainly! Here is what I found: " + text.replace('{', '(').replace('}', ')');
    }
    String first = object.fieldNames().next();
    if (miss == Fault.Miss.WRONG_TYPE) {
      object.putObject(first).put("unexpected", true);
    } else if (miss == Fault.Miss.EXTRA_FIELD) {
      object.put("unexpected_field", "not in the schema");
    } else {
      object.remove(first);
    }
    return object.toString();
  }

  private ObjectNode json(
      Draft draft,
      Asked asked,
      Models.Model model,
      ObjectNode usage,
      Fault.@Nullable OfLine fault) {
    ObjectNode message =
        Json.object()
            .put("id", Ids.of("msg"))
            .put("type", "message")
            .put("role", "assistant")
            .put("model", model.id());
    ArrayNode content = message.putArray("content");
    if (fault instanceof Fault.Thinking) {
      content
          .addObject()
          .put("type", "thinking")
          .put("thinking", "Let me look at what was asked before I answer {\"not\": \"this\"}.")
          .put("signature", "c2ltdWxhdGVk");
    }
    JsonNode tool = asked.forcedTool();
    if (tool != null && draft.stopReason.equals("tool_use")) {
      content
          .addObject()
          .put("type", "tool_use")
          .put("id", Ids.of("toolu"))
          .put("name", tool.path("name").asText())
          .<ObjectNode>set("input", read(draft.text))
          .putObject("caller")
          .put("type", "direct");
    } else if (!draft.isEmpty()) {
      content.addObject().put("type", "text").put("text", draft.text).putNull("citations");
    }
    message.put("stop_reason", draft.stopReason).putNull("stop_sequence");
    return stopDetails(message, fault).putNull("container").set("usage", usage);
  }

  private static ObjectNode stopDetails(ObjectNode message, Fault.@Nullable OfLine fault) {
    if (fault instanceof Fault.Refusal refusal) {
      message
          .putObject("stop_details")
          .put("type", "refusal")
          .put("category", refusal.category())
          .putNull("explanation");
      return message;
    }
    return message.putNull("stop_details");
  }

  private static JsonNode read(String text) {
    try {
      return Json.MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      return Json.object().put("text", text);
    }
  }

  private record Draft(String text, String stopReason) {
    boolean isEmpty() {
      return text.isEmpty();
    }

    Draft cutTo(long tokens) {
      return new Draft(
          text.substring(0, (int) Math.min(text.length(), Math.max(1, tokens * 4 - 16))),
          "max_tokens");
    }
  }
}
