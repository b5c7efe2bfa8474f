package dev.caravan.settings;

import dev.caravan.batch.Usage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The models of {@code config/prices.yaml}: what they cost when, what they accept, until when. */
public record Prices(List<Model> models) {

  private static final BigDecimal BATCH_SHARE = new BigDecimal("0.5");
  private static final BigDecimal MILLION = new BigDecimal("1000000");
  private static final int SCALE = 12;
  private static final Pattern DATE = Pattern.compile("-20\\d{6}$");

  /**
   * A model by its API id and aliases: limits in tokens, what it accepts, the first day on which it
   * is gone and what to use instead, its price periods (oldest first; none where unpriced).
   *
   * @param sampling whether it takes temperature, top_p, top_k other than their defaults
   * @param retiredOn the first day (UTC) on which requests fail
   */
  public record Model(
      String id,
      List<String> aliases,
      long contextTokens,
      int maxOutputTokens,
      int minCacheTokens,
      boolean structuredOutputs,
      boolean sampling,
      Thinking thinking,
      @Nullable LocalDate retiredOn,
      @Nullable String replacement,
      List<Period> periods) {

    /** Whether this is its id or one of its aliases. */
    public boolean isNamed(String name) {
      return id.equals(name) || aliases.contains(name);
    }

    /** Whether requests fail by now. */
    public boolean isRetired(Instant now) {
      return retiredOn != null && !utcDay(now).isBefore(retiredOn);
    }
  }

  /** Prices valid from a day (UTC) on, in USD per MTok, real-time; tiers by prompt tokens. */
  public record Period(LocalDate from, List<Tier> tiers) {}

  /** Rates of prompts of up to {@code upToTokens} tokens; a batch pays half of them. */
  public record Tier(
      long upToTokens,
      BigDecimal input,
      BigDecimal output,
      BigDecimal cacheWrite5m,
      BigDecimal cacheWrite1h,
      BigDecimal cacheRead) {

    private boolean covers(Usage usage) {
      return usage.promptTokens() <= upToTokens;
    }

    private Cost cost(Usage usage) {
      BigDecimal perMillion =
          times(input, usage.inputTokens())
              .add(times(cacheWrite5m, usage.cacheWrite5m()))
              .add(times(cacheWrite1h, usage.cacheWrite1h()))
              .add(times(cacheRead, usage.cacheRead()))
              .add(times(output, usage.outputTokens()));
      return new Cost(usd(perMillion.multiply(BATCH_SHARE)), usd(perMillion));
    }

    private static BigDecimal times(BigDecimal rate, long tokens) {
      return rate.multiply(BigDecimal.valueOf(tokens));
    }
  }

  /** What an answer cost in USD: as batched, and what it would have cost in real time. */
  public record Cost(BigDecimal batch, BigDecimal realTime) {
    public static final Cost NOTHING = new Cost(usd(BigDecimal.ZERO), usd(BigDecimal.ZERO));

    /** The same at a multiple of the price. */
    public Cost times(BigDecimal factor) {
      return new Cost(
          batch.multiply(factor).setScale(SCALE, RoundingMode.HALF_UP),
          realTime.multiply(factor).setScale(SCALE, RoundingMode.HALF_UP));
    }
  }

  /**
   * The model of an id or alias, or of a dated snapshot of an id without a date. Another snapshot
   * of a dated id is another model.
   */
  public Optional<Model> model(String id) {
    String dateless = DATE.matcher(id).replaceFirst("");
    return models.stream()
        .filter(model -> model.isNamed(id))
        .findFirst()
        .or(() -> models.stream().filter(model -> model.id().equals(dateless)).findFirst());
  }

  /** The day of an instant, by the one calendar that prices and ends of life go by. */
  public static LocalDate utcDay(Instant instant) {
    return LocalDate.ofInstant(instant, ZoneOffset.UTC);
  }

  /**
   * The cost of an answer at the prices of {@code createdAt} (its day in UTC), exact to 12
   * decimals; empty when the model is unpriced. The tier of the whole prompt prices every token of
   * it.
   */
  public Optional<Cost> cost(String model, Usage usage, Instant createdAt) {
    LocalDate day = utcDay(createdAt);
    return model(model).stream()
        .flatMap(known -> known.periods().stream())
        .filter(period -> !period.from().isAfter(day))
        .reduce((older, newer) -> newer)
        .flatMap(period -> period.tiers().stream().filter(t -> t.covers(usage)).findFirst())
        .map(tier -> tier.cost(usage));
  }

  private static BigDecimal usd(BigDecimal perMillion) {
    return perMillion.divide(MILLION, SCALE, RoundingMode.HALF_UP);
  }
}
