package dev.caravan.settings;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The keys of one {@code job.properties}; notes each fault and goes on with the default. */
final class JobProperties {
  static final List<String> KEYS =
      List.of(
          "key",
          "cron",
          "report-cron",
          "zone",
          "model",
          "max-tokens",
          "max-tokens-cap",
          "thinking",
          "effort",
          "max-requests",
          "cache",
          "extract.when-changed",
          "load.several-rows",
          "mail.to");
  private static final String PARAM = "param.";

  private final PropertiesText file;
  private final List<Fault> faults = new ArrayList<>();

  JobProperties(PropertiesText file) {
    this.file = file;
    faults.addAll(file.faults());
    file.entries().forEach(this::refuseUnknown);
  }

  List<Fault> faults() {
    return faults;
  }

  /** The value as the reader gives it; the default where it is not set or not allowed. */
  <T> T read(String key, T byDefault, Function<String, T> reader, String allowed) {
    PropertiesText.Entry entry = file.entry(key);
    if (entry == null || entry.value().isEmpty()) {
      return byDefault;
    }
    try {
      return reader.apply(entry.value());
    } catch (RuntimeException e) {
      refuse(key, key + " is " + entry.value() + ", must be " + allowed, "");
      return byDefault;
    }
  }

  /** As {@link #read}, for what has no default. */
  <T> @Nullable T readOrNull(String key, Function<String, T> reader, String allowed) {
    List<T> none = List.of();
    List<T> read = read(key, none, text -> List.of(reader.apply(text)), allowed);
    return read.isEmpty() ? null : read.get(0);
  }

  int integer(String key, int byDefault, int greatest) {
    return read(
        key,
        byDefault,
        text -> {
          int number = Integer.parseInt(text);
          if (number < 1 || number > greatest) {
            throw new IllegalArgumentException(text);
          }
          return number;
        },
        "a whole number, 1 to " + greatest);
  }

  String required(String key, String remedy) {
    String text = read(key, "", Function.identity(), "");
    if (text.isEmpty()) {
      refuse(key, key + " is not set", remedy);
    }
    return text;
  }

  Map<String, String> params() {
    Map<String, String> params = new LinkedHashMap<>();
    file.entries()
        .forEach(
            (key, entry) -> {
              if (key.startsWith(PARAM)) {
                params.put(key.substring(PARAM.length()), entry.value());
              }
            });
    return params;
  }

  void refuse(String key, String message, String remedy) {
    PropertiesText.Entry entry = file.entry(key);
    faults.add(new Fault(file.file(), entry == null ? 0 : entry.line(), message, remedy));
  }

  private void refuseUnknown(String key, PropertiesText.Entry entry) {
    if (key.startsWith(PARAM)) {
      if (!key.matches("param\\.[a-z][a-z0-9-]*")) {
        refuse(key, key + " is not a good name", "Use lower-case letters, digits and -.");
      }
    } else if (!KEYS.contains(key)) {
      String near = Nearest.to(key, KEYS).map(word -> "Did you mean " + word + "? ").orElse("");
      refuse(
          key,
          "there is no setting " + key + " of a job",
          near + "Values of your own for prompt and routes are named param." + key + ".");
    }
  }
}
