package dev.caravan.settings;

import org.jspecify.annotations.Nullable;

/**
 * One thing wrong with what a person wrote: where, what, and what to do about it.
 *
 * @param line from 1; 0 where there is none
 * @param warning true for what still works, but should be seen to
 */
public record Fault(
    @Nullable String file, int line, String message, String remedy, boolean warning) {

  public Fault(@Nullable String file, int line, String message, String remedy) {
    this(file, line, message, remedy, false);
  }

  /** A fault without a line. */
  public static Fault in(String file, String message, String remedy) {
    return new Fault(file, 0, message, remedy);
  }

  /** The same as a warning. */
  public Fault asWarning() {
    return new Fault(file, line, message, remedy, true);
  }

  @Override
  public String toString() {
    String where = file == null ? "" : line > 0 ? file + ":" + line + ": " : file + ": ";
    String sort = warning ? "warning: " : "";
    return where + sort + message + (remedy.isEmpty() ? "" : "\n    " + remedy);
  }
}
