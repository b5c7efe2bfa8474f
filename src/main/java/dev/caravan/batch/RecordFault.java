package dev.caravan.batch;

/** A record that can't be sent as it is: it is rejected with this cause, the others go on. */
public final class RecordFault extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final String cause;

  /** {@code cause} is the word the ledger keeps, {@code message} what people read. */
  public RecordFault(String cause, String message) {
    super(message);
    this.cause = cause;
  }

  public String cause() {
    return cause;
  }
}
