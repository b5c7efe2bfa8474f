package dev.caravan.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Texts of settings from the command line, the environment, the file and the defaults, in this
 * order; notes the fault of each value that is not what its key allows and goes on with the
 * default.
 */
final class RawSettings {
  private final Map<String, String> commandLine;
  private final Map<String, String> environment;
  private final PropertiesText file;
  private final List<Fault> faults = new ArrayList<>();

  RawSettings(
      Map<String, String> commandLine, Map<String, String> environment, PropertiesText file) {
    this.commandLine = commandLine;
    this.environment = environment;
    this.file = file;
    faults.addAll(file.faults());
    faults.addAll(MisplacedSettings.find(commandLine, environment, file));
  }

  List<Fault> faults() {
    return faults;
  }

  /** The value as written, or the default. */
  String text(Key key) {
    String override = commandLine.get(key.text());
    String variable = environment.getOrDefault(key.variable(), "");
    PropertiesText.Entry entry = file.entry(key.text());
    if (override != null) {
      return override.strip();
    }
    if (!variable.isBlank()) {
      return variable.strip();
    }
    return entry == null ? key.byDefault() : entry.value();
  }

  /** A variable that is not one of Caravan's; empty when it is not set. */
  String variable(String name) {
    return environment.getOrDefault(name, "").strip();
  }

  /** The name in lower case when it is set, else the one in upper case. */
  String nameOf(String variable) {
    return variable(variable).isEmpty() ? variable.toUpperCase(Locale.ROOT) : variable;
  }

  /** Whether a person has given it a value. */
  boolean isSet(Key key) {
    return commandLine.containsKey(key.text())
        || !environment.getOrDefault(key.variable(), "").isBlank()
        || hasValue(key, file.entry(key.text()));
  }

  /** A key left empty is not set, unless it has a default that it would have to replace. */
  private static boolean hasValue(Key key, PropertiesText.@Nullable Entry entry) {
    return entry != null && !(entry.value().isEmpty() && key.byDefault().isEmpty());
  }

  /** The value read; its limits, when it has any, are checked with the same reader. */
  <T extends Comparable<? super T>> T within(Key key, Function<String, T> reader) {
    T value = read(key, reader);
    T least = reader.apply(key.limits().get(0));
    T greatest = reader.apply(key.limits().get(1));
    if (value.compareTo(least) < 0 || value.compareTo(greatest) > 0) {
      refuse(key, "must be " + key.allowed());
      return reader.apply(key.byDefault());
    }
    return value;
  }

  <T> T read(Key key, Function<String, T> reader) {
    try {
      return reader.apply(text(key));
    } catch (IllegalArgumentException | ArithmeticException e) {
      refuse(key, "must be " + key.allowed());
      return reader.apply(key.byDefault());
    }
  }

  /** Notes that the value of a key can't be used, showing it unless it is a secret. */
  void refuse(Key key, String because) {
    String value = Masked.of(text(key));
    String shown =
        key.kind() == Key.Kind.SECRET ? "" : " is " + (value.isEmpty() ? "empty" : value);
    fault(key, key.text() + shown + ", " + because, "");
  }

  /** Notes a fault at the place where the key has its value. */
  void fault(Key key, String message, String remedy) {
    PropertiesText.Entry entry = file.entry(key.text());
    if (commandLine.containsKey(key.text())) {
      faults.add(Fault.in("command line", message, remedy));
    } else if (!environment.getOrDefault(key.variable(), "").isBlank()) {
      faults.add(Fault.in(key.variable(), message, remedy));
    } else {
      faults.add(new Fault(file.file(), entry == null ? 0 : entry.line(), message, remedy));
    }
  }
}
