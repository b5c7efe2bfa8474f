package dev.caravan.collect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.batch.Usage;
import dev.caravan.collect.UsageReader.NotUnderstood;
import dev.caravan.settings.Prices;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a Message is billed: its tokens and their cost, or why there is none (R6: what is not
 * understood is never guessed). {@code usage} is null where not even the tokens are understood.
 */
record Bill(@Nullable Usage usage, Prices.@Nullable Cost cost, @Nullable String unpriced) {
  /** Of a result without an answer. */
  static final Bill NONE = new Bill(null, null, null);

  /** The bill of a Message of a batch created then, by the model that answered. */
  static Bill of(JsonNode message, Prices prices, Instant createdAt) {
    JsonNode json = message.path("usage");
    Usage usage = null;
    try {
      usage = UsageReader.tokens(json);
      Prices.Cost cost = price(message, usage, prices, createdAt).times(UsageReader.factor(json));
      return new Bill(usage, isFree(message, usage) ? Prices.Cost.NOTHING : cost, null);
    } catch (NotUnderstood e) {
      return new Bill(usage, null, e.getMessage());
    }
  }

  private static Prices.Cost price(JsonNode message, Usage usage, Prices prices, Instant createdAt)
      throws NotUnderstood {
    JsonNode model = message.path("model");
    if (!model.isTextual()) {
      throw new NotUnderstood("the answer names no model");
    }
    return prices
        .cost(model.asText(), usage, createdAt)
        .orElseThrow(
            () ->
                new NotUnderstood(
                    "config/prices.yaml has no price for %s on %s"
                        .formatted(model.asText(), Prices.utcDay(createdAt))));
  }

  /** A refusal without a word is not charged, though its tokens are shown. */
  private static boolean isFree(JsonNode message, Usage usage) {
    return usage.outputTokens() == 0 && message.path("stop_reason").asText().equals("refusal");
  }
}
