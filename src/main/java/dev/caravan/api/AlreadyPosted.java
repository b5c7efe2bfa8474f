package dev.caravan.api;

import java.io.IOException;

/** A create POST was to be made again, or without a batch of its own: nothing was sent. */
public final class AlreadyPosted extends IOException {
  private static final long serialVersionUID = 1L;

  public AlreadyPosted(String message) {
    super(message);
  }
}
