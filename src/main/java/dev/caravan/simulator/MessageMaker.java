package dev.caravan.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Makes the Message that answers a request, spoilt by its fault if it has one. */
final class MessageMaker {
  private static final long LEAST_THINKING = 20;

  private final Answers answers;
  private final TokenMeter meter;
  private final Models models;

  MessageMaker(Answers answers, TokenMeter meter, Models models) {
    this.models = models;
    this.answers = answers;
    this.meter = meter;
  }

  /** A Message, and the tokens and USD that its model would be billed. */
  record Made(ObjectNode message, Usage billed, BigDecimal usd) {
    String model() {
      return message.path("model").asText();
    }
  }

  Made make(
      Asked asked,
      Models.Model model,
      String workspace,
      String serviceTier,
      Fault.@Nullable OfLine fault) {
    Draft draft =
        spoil(draft(asked, model, fault), fault).within(asked.params().path("max_tokens").asLong());
    Usage usage =
        meter.charge(workspace, asked.params(), model).withOutput(draft.output(), draft.thinking());
    String geo = asked.params().path("inference_geo").asText("not_available");
    ObjectNode message = json(draft, asked, model, usage.json(serviceTier, geo), fault);
    if (fault instanceof Fault.OddUsage odd) {
      odd.over(message);
    }
    Usage billed = fault instanceof Fault.Refusal ? Usage.NONE : usage;
    return new Made(message, billed, usd(message, billed));
  }

  /** The bill goes by who answered, in which tier and where. */
  private BigDecimal usd(ObjectNode message, Usage billed) {
    JsonNode usage = message.path("usage");
    BigDecimal tier =
        new BigDecimal(usage.path("service_tier").asText().equals("batch") ? "0.5" : "1");
    BigDecimal geo =
        new BigDecimal(usage.path("inference_geo").asText().equals("us") ? "1.1" : "1");
    return models
        .find(message.path("model").asText())
        .map(Models.Model::price)
        .map(price -> price.usd(billed, tier.multiply(geo)))
        .orElse(BigDecimal.ZERO);
  }

  private Draft draft(Asked asked, Models.Model model, Fault.@Nullable OfLine fault) {
    String text = answers.to(asked);
    JsonNode tool = asked.forcedTool();
    long thinking = model.thinks().tokens(asked.params());
    long least = fault instanceof Fault.Thinking ? LEAST_THINKING : 0;
    return new Draft(text, tool == null ? "end_turn" : "tool_use", Math.max(thinking, least));
  }

  private static Draft spoil(Draft draft, Fault.@Nullable OfLine fault) {
    if (fault instanceof Fault.Refusal) {
      return new Draft("", "refusal", 0);
    }
    if (fault instanceof Fault.Empty) {
      return new Draft("", "end_turn", 0);
    }
    if (fault instanceof Fault.Truncated) {
      return new Draft(
          draft.text.substring(0, draft.text.length() / 2), "max_tokens", draft.thinking);
    }
    if (fault instanceof Fault.StopReason reason) {
      return new Draft(draft.text, reason.stopReason(), draft.thinking);
    }
    if (fault instanceof Fault.InvalidOutput invalid) {
      return new Draft(miss(draft.text, invalid.miss()), draft.stopReason, draft.thinking);
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
    if (draft.thinking > 0) {
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
    } else if (!draft.text.isEmpty()) {
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

  /** What the model would say: its tokens of thinking come first. */
  private record Draft(String text, String stopReason, long thinking, long output) {
    Draft(String text, String stopReason, long thinking) {
      this(
          text,
          stopReason,
          thinking,
          text.isEmpty() ? thinking : thinking + 4 + TokenMeter.ofText(text));
    }

    /** The same, cut off where max_tokens ends it. */
    Draft within(long allowed) {
      if (output <= allowed) {
        return stopReason.equals("max_tokens")
            ? new Draft(text, stopReason, thinking, allowed)
            : this;
      }
      if (allowed <= thinking) {
        return new Draft("", "max_tokens", allowed, allowed);
      }
      long left = Math.max(1, (allowed - thinking) * 4 - 16);
      String cut = text.substring(0, (int) Math.min(text.length(), left));
      return new Draft(cut, "max_tokens", thinking, allowed);
    }
  }
}
