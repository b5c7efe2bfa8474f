package dev.caravan.spool;

import org.jspecify.annotations.Nullable;

/** The spool could not be written (disk full, folder gone): not a record's fault, so all stops. */
public final class SpoolFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SpoolFailed(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
