package dev.caravan.cli;

import dev.caravan.LedgerBeans;
import java.io.PrintStream;
import java.time.Clock;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The live line of a terminal, on stderr: what the ledger says of the newest run, every second.
 * Where stderr is no terminal the log lines tell the same.
 */
final class Progress implements AutoCloseable {
  private static final String CLEAR = "\r\u001b[K";

  private final ProgressLine line;
  private final PrintStream err;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "progress");
            thread.setDaemon(true);
            return thread;
          });

  private Progress(ProgressLine line, PrintStream err) {
    this.line = line;
    this.err = err;
  }

  static Progress begin(LedgerBeans ledger, String job) {
    Progress progress = new Progress(new ProgressLine(ledger, job, Clock.systemUTC()), System.err);
    if (Boolean.getBoolean("caravan.terminal")) {
      progress.timer.scheduleWithFixedDelay(progress::show, 1, 1, TimeUnit.SECONDS);
    }
    return progress;
  }

  private void show() {
    try {
      err.print(CLEAR + line.now());
      err.flush();
    } catch (RuntimeException e) {
      // a line that can't be drawn must not disturb the work
    }
  }

  @Override
  public void close() {
    if (!timer.isShutdown()) {
      timer.shutdownNow();
      if (Boolean.getBoolean("caravan.terminal")) {
        err.print(CLEAR);
        err.flush();
      }
    }
  }
}
