package dev.caravan.ledger;

/**
 * Another process took over what this one was writing, because it was held to be dead: whatever
 * this one still does for it must not reach the ledger.
 */
public final class TakenOver extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TakenOver(String message) {
    super(message);
  }

  /** Whether this is why something failed, however deep it is wrapped. */
  public static boolean is(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof TakenOver) {
        return true;
      }
    }
    return false;
  }
}
