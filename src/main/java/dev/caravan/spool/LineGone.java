package dev.caravan.spool;

/** A line is not in the spool any more: its file was removed, or is shorter than it was. */
public final class LineGone extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LineGone(String message, Throwable cause) {
    super(message, cause);
  }
}
