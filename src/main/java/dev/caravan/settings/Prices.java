package dev.caravan.settings;

import dev.caravan.batch.Usage;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The models of {@code config/prices.yaml}: what they cost when, what they accept, until when. */
public record Prices(List<Model> models) {

  /**
   * A model by its API id and aliases: limits in tokens, what it accepts, its end of life, its
   * price periods.
   */
  public record Model(
      String id,
      List<String> aliases,
      long contextTokens,
      int maxOutputTokens,
      int minCacheTokens,
      boolean structuredOutputs,
      @Nullable LocalDate retiredOn,
      List<Period> periods) {}

  /** Prices valid from a day (UTC) on, in USD per MTok, real-time; tiers by prompt tokens. */
  public record Period(LocalDate from, List<Tier> tiers) {}

  /** Rates of prompts of up to {@code upToTokens} tokens; a batch pays half of them. */
  public record Tier(
      long upToTokens,
      BigDecimal input,
      BigDecimal output,
      BigDecimal cacheWrite5m,
      BigDecimal cacheWrite1h,
      BigDecimal cacheRead) {}

  /** What an answer cost in USD: as batched, and what it would have cost in real time. */
  public record Cost(BigDecimal batch, BigDecimal realTime) {}

  /** The model of an id or alias, or of a dated snapshot of either. */
  public Optional<Model> model(String id) {
    return models.stream().filter(m -> m.id().equals(id) || m.aliases().contains(id)).findFirst();
  }

  /** The cost of an answer at the prices of {@code createdAt}; empty when the model is unpriced. */
  public Optional<Cost> cost(String model, Usage usage, Instant createdAt) {
    throw new UnsupportedOperationException();
  }
}
