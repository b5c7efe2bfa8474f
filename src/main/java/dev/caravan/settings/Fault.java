package dev.caravan.settings;

import org.jspecify.annotations.Nullable;

/** One thing wrong with what a person wrote: where, what, and what to do about it. */
public record Fault(@Nullable String file, int line, String message, String remedy) {

  /** A fault without a line. */
  public static Fault in(String file, String message, String remedy) {
    return new Fault(file, 0, message, remedy);
  }

  @Override
  public String toString() {
    String where = file == null ? "" : line > 0 ? file + ":" + line + ": " : file + ": ";
    return where + message + (remedy.isEmpty() ? "" : "\n    " + remedy);
  }
}
