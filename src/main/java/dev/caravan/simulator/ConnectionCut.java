package dev.caravan.simulator;

import java.io.IOException;

/** Thrown to close the connection without (the rest of) an answer, as a planned fault. */
final class ConnectionCut extends IOException {
  private static final long serialVersionUID = 1;

  private final boolean reset;

  ConnectionCut() {
    this(false);
  }

  /** {@code reset}: by RST, not by FIN. */
  ConnectionCut(boolean reset) {
    super("cut by plan");
    this.reset = reset;
  }

  boolean reset() {
    return reset;
  }
}
