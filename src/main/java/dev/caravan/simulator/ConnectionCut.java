package dev.caravan.simulator;

import java.io.IOException;

/** Thrown to close the connection without (the rest of) an answer, as a planned fault. */
final class ConnectionCut extends IOException {
  private static final long serialVersionUID = 1;

  ConnectionCut() {
    super("cut by plan");
  }
}
