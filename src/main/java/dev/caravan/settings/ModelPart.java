package dev.caravan.settings;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/** Reads one model of {@code config/prices.yaml}; faults go to its {@link YamlPart}. */
final class ModelPart {
  private static final Set<String> MODEL_KEYS =
      Set.of(
          "id",
          "aliases",
          "context",
          "max-output",
          "min-cache",
          "structured-outputs",
          "sampling",
          "thinking",
          "thinking-on",
          "thinking-off",
          "thinking-off-up-to",
          "efforts",
          "effort",
          "retired-on",
          "replacement",
          "prices");
  private static final Set<String> TIER_KEYS =
      Set.of("up-to", "input", "output", "cache-write-5m", "cache-write-1h", "cache-read");

  private ModelPart() {}

  static Prices.Model model(YamlPart part) {
    part.allowOnly(MODEL_KEYS);
    LocalDate retiredOn = part.valueOrNull("retired-on", LocalDate::parse);
    List<Prices.Period> periods = part.list("prices").stream().map(ModelPart::period).toList();
    List<LocalDate> starts = periods.stream().map(Prices.Period::from).toList();
    if (!starts.equals(starts.stream().sorted().distinct().toList())) {
      part.refuse("prices must rise by from");
    }
    return new Prices.Model(
        part.value("id", "", Function.identity()),
        part.list("aliases").stream()
            .map(alias -> alias.as("alias", Function.identity()))
            .filter(Objects::nonNull)
            .toList(),
        part.value("context", 1L, ModelPart::tokens),
        part.value("max-output", 1, text -> Math.toIntExact(tokens(text))),
        part.value("min-cache", 1, text -> Math.toIntExact(tokens(text))),
        part.value("structured-outputs", false, ModelPart::bool),
        part.value("sampling", false, ModelPart::bool),
        thinking(part),
        retiredOn,
        part.valueOrNull("replacement", Function.identity()),
        periods);
  }

  private static Thinking thinking(YamlPart part) {
    List<Effort> efforts =
        part.list("efforts").stream()
            .map(effort -> effort.as("effort", Effort::of))
            .filter(Objects::nonNull)
            .sorted()
            .toList();
    return new Thinking(
        Objects.requireNonNullElse(part.valueOrNull("thinking", ModelPart::onOrOff), false),
        part.valueOrNull("thinking-on", Function.identity()),
        part.valueOrNull("thinking-off", Function.identity()),
        part.valueOrNull("thinking-off-up-to", Effort::of),
        efforts,
        part.valueOrNull("effort", Effort::of));
  }

  private static boolean onOrOff(String text) {
    return switch (text) {
      case "on" -> true;
      case "off" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static Prices.Period period(YamlPart part) {
    part.allowOnly(Set.of("from", "tiers"));
    List<Prices.Tier> tiers = part.list("tiers").stream().map(ModelPart::tier).toList();
    List<Long> limits = tiers.stream().map(Prices.Tier::upToTokens).toList();
    if (limits.isEmpty() || Collections.max(limits) != Long.MAX_VALUE) {
      part.refuse("tiers must end with one without up-to");
    } else if (!limits.equals(limits.stream().sorted().distinct().toList())) {
      part.refuse("tiers must rise by up-to");
    }
    return new Prices.Period(part.value("from", LocalDate.MIN, LocalDate::parse), tiers);
  }

  private static Prices.Tier tier(YamlPart part) {
    part.allowOnly(TIER_KEYS);
    Long upTo = part.valueOrNull("up-to", ModelPart::tokens);
    return new Prices.Tier(
        upTo == null ? Long.MAX_VALUE : upTo,
        usd(part, "input"),
        usd(part, "output"),
        usd(part, "cache-write-5m"),
        usd(part, "cache-write-1h"),
        usd(part, "cache-read"));
  }

  /** More decimals than four, halved and times 1.1, would not be exact in twelve per token. */
  private static BigDecimal usd(YamlPart part, String key) {
    return part.value(
        key,
        BigDecimal.ZERO,
        text -> {
          BigDecimal rate = new BigDecimal(text);
          if (rate.signum() < 0 || rate.stripTrailingZeros().scale() > 4) {
            throw new IllegalArgumentException(text);
          }
          return rate;
        });
  }

  private static long tokens(String text) {
    long tokens = Long.parseLong(text.replace("_", ""));
    if (tokens < 1) {
      throw new IllegalArgumentException(text);
    }
    return tokens;
  }

  private static boolean bool(String text) {
    if (!text.equals("true") && !text.equals("false")) {
      throw new IllegalArgumentException(text);
    }
    return text.equals("true");
  }
}
