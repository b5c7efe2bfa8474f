package dev.caravan.extract;

/** A job that can't go on as it is written; its records are not at fault. */
public final class JobFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public JobFault(String message) {
    super(message);
  }
}
