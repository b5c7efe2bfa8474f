package dev.caravan.load;

/** Loading can't go on: not the fault of a record, and nothing of the chunk was changed. */
public final class LoadHalted extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LoadHalted(String message, Throwable cause) {
    super(message, cause);
  }
}
