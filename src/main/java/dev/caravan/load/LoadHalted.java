package dev.caravan.load;

import org.jspecify.annotations.Nullable;

/** Loading can't go on: not the fault of a record, and nothing of the chunk was changed. */
public final class LoadHalted extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LoadHalted(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
