package dev.caravan.api;

import java.io.IOException;

/** No complete answer came; for a call that only reads, nothing has happened. */
public final class ApiUnreachable extends IOException {
  private static final long serialVersionUID = 1L;

  public ApiUnreachable(String message, Throwable cause) {
    super(message, cause);
  }
}
