package dev.caravan.extract;

import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * The chunks of one pass between being read and being told to the ledger, or failing: whoever ends
 * the pass waits for them here. Thread-safe.
 */
final class ChunksInHand {
  private int read;
  private int begun;
  private int ended;
  private boolean closed;

  /** A chunk that is being worked on; one thread at a time. */
  final class Work {
    private boolean over;

    /** Told to the ledger, or failed; only the first call counts. */
    void end() {
      if (!over) {
        over = true;
        ended();
      }
    }
  }

  /** A chunk was read from the source. */
  synchronized void read() {
    read++;
  }

  /**
   * One of those that were read is worked on from now.
   *
   * @throws IllegalStateException when the pass is over
   */
  synchronized Work begin() {
    if (closed) {
      throw new IllegalStateException("This pass over the source is over");
    }
    begun++;
    return new Work();
  }

  /** The same for the chunk of an exchange: Camel tells when it has ended, whatever came of it. */
  void begin(Exchange exchange) {
    Work work = begin();
    exchange.setVariable("work", work);
    exchange
        .getExchangeExtension()
        .addOnCompletion(
            new SynchronizationAdapter() {
              @Override
              public void onDone(Exchange done) {
                work.end();
              }
            });
  }

  private synchronized void ended() {
    ended++;
    notifyAll();
  }

  /** Nothing more begins; returns when everything that had begun is over. */
  synchronized void close() {
    closed = true;
    try {
      while (ended < begun) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while rows were in hand", e);
    }
  }

  /**
   * The same, for a pass that has read its source to the end.
   *
   * @throws IllegalStateException when a chunk was read that nobody has worked on
   */
  void closeComplete() {
    close();
    int left = left();
    if (left > 0) {
      throw new IllegalStateException(
          "Reading ended with " + left + " chunks of rows that nobody has worked on");
    }
  }

  private synchronized int left() {
    return read - ended;
  }
}
