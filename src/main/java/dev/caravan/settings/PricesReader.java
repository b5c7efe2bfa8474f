package dev.caravan.settings;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads {@code config/prices.yaml} into {@link Prices}; all faults are reported at once. */
public final class PricesReader {
  private static final Set<String> MODEL_KEYS =
      Set.of(
          "id",
          "aliases",
          "context",
          "max-output",
          "min-cache",
          "structured-outputs",
          "sampling",
          "retired-on",
          "replacement",
          "prices");
  private static final Set<String> TIER_KEYS =
      Set.of("up-to", "input", "output", "cache-write-5m", "cache-write-1h", "cache-read");

  private final String file;
  private final List<Fault> faults = new ArrayList<>();

  private PricesReader(String file) {
    this.file = file;
  }

  /**
   * The prices as the file is now; faults call it {@code config/prices.yaml}.
   *
   * @throws FaultsException with every fault, each with its line
   */
  public static Prices read(Path path) {
    String name = "config/" + path.getFileName();
    try {
      return new PricesReader(name).parse(Files.readString(path));
    } catch (IOException e) {
      throw new FaultsException(
          List.of(Fault.in(name, "can't be read", "It comes with Caravan: put it back.")));
    }
  }

  private Prices parse(String text) {
    YamlPart root = new YamlPart(file, compose(text), faults);
    root.allowOnly(Set.of("models"));
    List<YamlPart> parts = root.list("models");
    List<Prices.Model> models = parts.stream().map(this::model).toList();
    if (models.isEmpty()) {
      root.refuse("models is missing or empty");
    }
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < models.size(); i++) {
      for (String name : names(models.get(i))) {
        if (!seen.add(name)) {
          parts.get(i).refuse(name + " is the name of two models");
        }
      }
    }
    if (!faults.isEmpty()) {
      throw new FaultsException(faults);
    }
    return new Prices(models);
  }

  private Node compose(String text) {
    LoadSettings settings = LoadSettings.builder().setLabel(file).build();
    try {
      return new Compose(settings)
          .composeString(text)
          .orElseThrow(() -> fault(0, "is empty", "It comes with Caravan: put it back."));
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
      throw fault(line, "not valid YAML: " + e.getProblem(), "");
    } catch (YamlEngineException e) {
      throw fault(0, "not valid YAML: " + e.getMessage(), "");
    }
  }

  private FaultsException fault(int line, String message, String remedy) {
    return new FaultsException(List.of(new Fault(file, line, message, remedy)));
  }

  private Prices.Model model(YamlPart part) {
    part.allowOnly(MODEL_KEYS);
    LocalDate retiredOn = part.valueOrNull("retired-on", LocalDate::parse);
    List<Prices.Period> periods = part.list("prices").stream().map(this::period).toList();
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
        part.value("context", 1L, PricesReader::tokens),
        part.value("max-output", 1, text -> Math.toIntExact(tokens(text))),
        part.value("min-cache", 1, text -> Math.toIntExact(tokens(text))),
        part.value("structured-outputs", false, PricesReader::bool),
        part.value("sampling", false, PricesReader::bool),
        retiredOn,
        part.valueOrNull("replacement", Function.identity()),
        periods);
  }

  private Prices.Period period(YamlPart part) {
    part.allowOnly(Set.of("from", "tiers"));
    List<Prices.Tier> tiers = part.list("tiers").stream().map(this::tier).toList();
    List<Long> limits = tiers.stream().map(Prices.Tier::upToTokens).toList();
    if (limits.isEmpty() || Collections.max(limits) != Long.MAX_VALUE) {
      part.refuse("tiers must end with one without up-to");
    } else if (!limits.equals(limits.stream().sorted().distinct().toList())) {
      part.refuse("tiers must rise by up-to");
    }
    return new Prices.Period(part.value("from", LocalDate.MIN, LocalDate::parse), tiers);
  }

  private Prices.Tier tier(YamlPart part) {
    part.allowOnly(TIER_KEYS);
    Long upTo = part.valueOrNull("up-to", PricesReader::tokens);
    return new Prices.Tier(
        upTo == null ? Long.MAX_VALUE : upTo,
        usd(part, "input"),
        usd(part, "output"),
        usd(part, "cache-write-5m"),
        usd(part, "cache-write-1h"),
        usd(part, "cache-read"));
  }

  /** More decimals than five would not be exact in twelve decimals of a dollar per token. */
  private static BigDecimal usd(YamlPart part, String key) {
    return part.value(
        key,
        BigDecimal.ZERO,
        text -> {
          BigDecimal rate = new BigDecimal(text);
          if (rate.signum() < 0 || rate.stripTrailingZeros().scale() > 5) {
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

  private static List<String> names(Prices.Model model) {
    List<String> names = new ArrayList<>(model.aliases());
    names.add(model.id());
    return names;
  }
}
