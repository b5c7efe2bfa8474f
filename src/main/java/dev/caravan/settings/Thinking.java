package dev.caravan.settings;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether a model thinks before it answers unless told otherwise, how that is switched, and which
 * efforts it takes.
 *
 * @param on the {@code thinking.type} that makes it think where it does not by default; null: it
 *     can't
 * @param off the {@code thinking.type} that stops it where it does by default; null: it always
 *     thinks
 * @param offUpTo the greatest effort with which it can be stopped; null: any
 * @param efforts empty: it refuses the parameter
 * @param effort what it does without the parameter; null where it has none
 */
public record Thinking(
    boolean byDefault,
    @Nullable String on,
    @Nullable String off,
    @Nullable Effort offUpTo,
    List<Effort> efforts,
    @Nullable Effort effort) {

  /** A model of which nothing is known is asked as most models of today are. */
  public static final Thinking UNKNOWN =
      new Thinking(true, null, "disabled", null, List.of(), null);

  /** What a job says with {@code thinking=}. */
  public enum Wanted {
    BY_DEFAULT,
    ON,
    OFF
  }

  /** The part of the Messages parameters about thinking; null: not sent. */
  public record Params(@Nullable String type, @Nullable Effort effort) {}

  /** What a model refuses of a job: the job's key, and what to write instead. */
  public record Refusal(String key, String message, String remedy) {}

  /** What to send to get what a job wants; nothing where the model does so by default. */
  public Params params(Wanted wanted, @Nullable Effort asked) {
    return switch (wanted) {
      case BY_DEFAULT -> new Params(null, asked);
      case ON -> new Params(byDefault ? null : on, asked);
      case OFF -> new Params(byDefault ? off : null, asked);
    };
  }

  /** Whether the model thinks when a job wants this. */
  boolean thinks(Wanted wanted) {
    return wanted == Wanted.ON || wanted == Wanted.BY_DEFAULT && byDefault;
  }

  /** The effort an answer gets. */
  Effort effortOf(@Nullable Effort asked) {
    return asked != null ? asked : effort != null ? effort : Effort.HIGH;
  }

  /** What the API would refuse; {@code model} is how to call the model. */
  public Optional<Refusal> refusal(String model, Wanted wanted, @Nullable Effort asked) {
    if (wanted == Wanted.OFF && byDefault && off == null) {
      return refusal(
          "thinking",
          "thinking is off, but " + model + " always thinks",
          "Remove the line and write effort=low, which thinks least.");
    }
    if (wanted == Wanted.ON && !byDefault && on == null) {
      return refusal(
          "thinking",
          "thinking is on, but " + model + " thinks only with a budget, which Caravan never sets",
          "Remove the line, or use a newer model.");
    }
    return effort(model, wanted, asked);
  }

  private Optional<Refusal> effort(String model, Wanted wanted, @Nullable Effort asked) {
    if (asked != null && efforts.isEmpty()) {
      return refusal(
          "effort",
          "effort is " + asked.word() + ", but " + model + " takes no effort",
          "Remove the line.");
    }
    if (asked != null && !efforts.contains(asked)) {
      return refusal(
          "effort",
          "effort is " + asked.word() + ", but " + model + " takes " + words(),
          "Write effort=" + efforts.get(efforts.size() - 1).word() + " or less.");
    }
    Effort got = effortOf(asked);
    if (wanted == Wanted.OFF && byDefault && offUpTo != null && got.compareTo(offUpTo) > 0) {
      return refusal(
          "effort",
          "effort is %s, but with thinking=off %s takes %s at most"
              .formatted(got.word(), model, offUpTo.word()),
          "Write effort=" + offUpTo.word() + ", or remove thinking=off.");
    }
    return Optional.empty();
  }

  private static Optional<Refusal> refusal(String key, String message, String remedy) {
    return Optional.of(new Refusal(key, message, remedy));
  }

  private String words() {
    return efforts.stream().map(Effort::word).collect(Collectors.joining(", "));
  }
}
