package dev.caravan.cli;

import dev.caravan.LedgerBeans;
import dev.caravan.batch.Alerts;
import dev.caravan.batch.Run;
import dev.caravan.settings.Job;
import dev.caravan.settings.JobCatalog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Runs that were due and did not happen, as nobody would notice who only reads mails. */
public final class MissingRuns {
  private final LedgerBeans ledger;
  private final Duration grace;
  private final Clock clock;
  private final Set<String> told = new HashSet<>();

  /** {@code grace} is how late a run may be before it counts as missing. */
  public MissingRuns(LedgerBeans ledger, Duration grace, Clock clock) {
    this.ledger = ledger;
    this.grace = grace;
    this.clock = clock;
  }

  /**
   * When the job's last run should have been, if it did not happen. A job that never ran, or is
   * paused, misses nothing.
   */
  public Optional<Instant> of(Job job) {
    Optional<Instant> newest = ledger.runs.newestWhole(job.name()).map(Run::dueAt);
    if (newest.isEmpty() || ledger.jobs.pause(job.name()).isPresent()) {
      return Optional.empty();
    }
    return Schedule.last(job, clock.instant().minus(grace)).filter(newest.get()::isBefore);
  }

  /** Alerts of each once. */
  public void tell(JobCatalog jobs, Alerts alerts) {
    for (Job job : jobs.names().stream().map(jobs::get).toList()) {
      Optional<Instant> due = of(job).filter(missed -> !told.contains(job.name() + missed));
      if (due.isPresent()) {
        tell(job, due.get(), alerts);
        told.add(job.name() + due.get());
      }
    }
  }

  private static void tell(Job job, Instant due, Alerts alerts) {
    alerts.raise(
        "missing-" + job.name() + "-" + due,
        "Job " + job.name() + " did not run at " + due,
        "Its cron was due and no run has begun; nothing was read and nothing was sent.",
        "See the log of ./caravan start for that time; run it now with ./caravan night "
            + job.name());
  }
}
