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
}
