package dev.caravan.settings;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Keys that no setting has, and an API key where others could read it. */
final class MisplacedSettings {
  private static final String API_KEY = Key.ANTHROPIC_API_KEY.text();

  private MisplacedSettings() {}

  static List<Fault> find(
      Map<String, String> commandLine, Map<String, String> environment, PropertiesText file) {
    List<Fault> faults = new ArrayList<>();
    file.entries()
        .forEach(
            (key, entry) ->
                misplaced(file.file(), entry.line(), key, entry.value()).ifPresent(faults::add));
    commandLine.forEach(
        (key, value) -> misplaced("command line", 0, key, value).ifPresent(faults::add));
    variables(environment).forEach(faults::add);
    return faults;
  }

  private static Optional<Fault> misplaced(String place, int line, String key, String value) {
    if (Key.of(key).isEmpty()) {
      String remedy =
          Nearest.to(key, Key.texts())
              .map(near -> "Did you mean " + near + "?")
              .orElse("Settings of one job belong in config/jobs/<job>/job.properties.");
      return Optional.of(new Fault(place, line, "there is no setting " + key, remedy));
    }
    if (key.equals(API_KEY) && !value.isEmpty()) {
      return Optional.of(
          new Fault(
              place,
              line,
              API_KEY + " must not stand here, where others can read it",
              "Put the key into the environment variable ANTHROPIC_API_KEY, or into a file of its"
                  + " own named by anthropic.api-key-file. If others may have seen it, make a new"
                  + " one."));
    }
    return Optional.empty();
  }

  /** Only near misses: platforms set CARAVAN_… variables of their own (service links). */
  private static Stream<Fault> variables(Map<String, String> environment) {
    List<String> known = Arrays.stream(Key.values()).map(Key::variable).toList();
    return environment.keySet().stream()
        .filter(name -> name.startsWith("CARAVAN_") && !known.contains(name))
        .flatMap(
            name ->
                Nearest.within(2, name, known)
                    .map(
                        near ->
                            Fault.in(
                                name,
                                "no setting has this environment variable",
                                "Did you mean " + near + "?"))
                    .stream());
  }
}
