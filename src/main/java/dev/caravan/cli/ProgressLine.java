package dev.caravan.cli;

import dev.caravan.LedgerBeans;
import dev.caravan.batch.Batch;
import dev.caravan.batch.BatchState;
import dev.caravan.batch.Run;
import dev.caravan.batch.RunState;
import dev.caravan.ledger.Reports;
import dev.caravan.settings.Units;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One line about the newest run of a job: stage, records per second, batch n of m, age, deadline.
 */
final class ProgressLine {
  private final LedgerBeans ledger;
  private final String job;
  private final Clock clock;
  private long lastCount;
  private Instant lastTime;

  ProgressLine(LedgerBeans ledger, String job, Clock clock) {
    this.ledger = ledger;
    this.job = job;
    this.clock = clock;
    this.lastTime = clock.instant();
  }

  /** The line as of now; not for two threads. */
  String now() {
    Optional<Run> newest = ledger.runs.newest(job);
    if (newest.isEmpty()) {
      return job + "  beginning";
    }
    Run run = newest.get();
    if (run.state() == RunState.EXTRACTING) {
      return job + "  extract  " + count(run.counts().read(), "rows");
    }
    List<Batch> batches =
        ledger.batches.ofRun(run.id()).stream()
            .filter(b -> b.state() != BatchState.REFUSED)
            .toList();
    Reports.Records records = ledger.reports.records(run.id());
    String stage = stage(batches);
    long collected = batches.stream().filter(b -> b.state() == BatchState.COLLECTED).count();
    return job
        + "  "
        + stage
        + "  batch "
        + Math.min(collected + 1, batches.size())
        + " of "
        + batches.size()
        + "  "
        + count(records.completed() + records.rejected(), "of " + records.total() + " final")
        + age(batches);
  }

  private String count(long count, String what) {
    Instant now = clock.instant();
    double seconds = Math.max(0.001, Duration.between(lastTime, now).toMillis() / 1000.0);
    double rate = Math.max(0, count - lastCount) / seconds;
    lastCount = count;
    lastTime = now;
    return String.format(Locale.ROOT, "%,d %s  %,.0f records/s", count, what, rate);
  }

  private static String stage(List<Batch> batches) {
    boolean submitting =
        batches.stream()
            .anyMatch(b -> b.state() == BatchState.READY || b.state() == BatchState.SUBMITTING);
    boolean ended = batches.stream().anyMatch(b -> b.state() == BatchState.ENDED);
    return ended ? "collect" : submitting ? "submit" : "poll";
  }

  private String age(List<Batch> batches) {
    return batches.stream()
        .filter(b -> b.state() == BatchState.IN_PROGRESS || b.state() == BatchState.CANCELING)
        .findFirst()
        .map(
            b -> {
              Instant created = b.createdAt() == null ? clock.instant() : b.createdAt();
              return "  oldest "
                  + Units.words(Duration.between(created, clock.instant()))
                  + ", expires "
                  + Times.time(b.expiresAt());
            })
        .orElse("");
  }
}
