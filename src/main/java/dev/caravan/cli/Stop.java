package dev.caravan.cli;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import sun.misc.Signal;

/**
 * Ctrl-C and SIGTERM: work under way comes to its next resting place, then the process ends with
 * the exit code of a command that was broken off.
 *
 * <p>The signal itself is caught, not the end of the Java machine: shutdown hooks run all at once,
 * and that of the embedded database would close it under our feet.
 */
final class Stop {
  private static final List<String> SIGNALS = List.of("TERM", "INT", "HUP");
  private static final long GRACE_SECONDS = 120;
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);

  /** Listens for the signal from now on; {@code exit} is the code of an end by force. */
  void listen(ExitCode exit) {
    for (String signal : SIGNALS) {
      try {
        Signal.handle(new Signal(signal), received -> ask(exit));
      } catch (IllegalArgumentException e) {
        // not a signal of this system, or one that whoever started us wants to be ignored
        continue;
      }
    }
  }

  private void ask(ExitCode exit) {
    if (done.getCount() > 0 && !asked()) {
      asked.countDown();
      Thread guard = new Thread(() -> endAfterGrace(exit), "stop");
      guard.setDaemon(true);
      guard.start();
    }
  }

  private void endAfterGrace(ExitCode exit) {
    try {
      if (!done.await(GRACE_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("Still busy after " + GRACE_SECONDS + " s: ended hard; state is kept.");
        Runtime.getRuntime().halt(exit.code());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  boolean asked() {
    return asked.getCount() == 0;
  }

  /** Waits this long, less when the signal comes. True when it came. */
  boolean await(long millis) throws InterruptedException {
    return asked.await(millis, TimeUnit.MILLISECONDS);
  }

  /** The command has ended by itself. */
  void done() {
    done.countDown();
  }
}
