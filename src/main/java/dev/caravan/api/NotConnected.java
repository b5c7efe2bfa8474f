package dev.caravan.api;

import java.net.ConnectException;

/**
 * No connection to the server came about, so nothing of a request has left: proof that nothing was
 * accepted. The message says at what it failed, the remedy what a person can do.
 */
public final class NotConnected extends ConnectException {
  private static final long serialVersionUID = 1L;

  private final String message;
  private final String where;
  private final String remedy;

  /**
   * @param where the setting or variable to look at
   */
  public NotConnected(String message, String where, String remedy, Throwable cause) {
    super(message);
    this.message = message;
    this.where = where;
    this.remedy = remedy;
    initCause(cause);
  }

  @Override
  public String getMessage() {
    return message;
  }

  public String where() {
    return where;
  }

  public String remedy() {
    return remedy;
  }
}
