package dev.caravan.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C and SIGTERM: work under way comes to its next resting place, then the process ends with
 * the exit code of a command that was broken off.
 */
final class Stop {
  private static final long GRACE_SECONDS = 120;
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);

  /** Listens for the signal from now on; {@code exit} is the code it ends with. */
  void listen(ExitCode exit) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  if (done.getCount() > 0) {
                    asked.countDown();
                    awaitDone();
                    Runtime.getRuntime().halt(exit.code());
                  }
                },
                "stop"));
  }

  private void awaitDone() {
    try {
      if (!done.await(GRACE_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("Still busy after " + GRACE_SECONDS + " s: ended hard; state is kept.");
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
