package dev.caravan.cli;

import dev.caravan.Application;
import dev.caravan.LedgerBeans;
import dev.caravan.batch.Alerts;
import dev.caravan.batch.Run;
import dev.caravan.extract.RunGate;
import dev.caravan.settings.Job;
import dev.caravan.settings.JobCatalog;
import dev.caravan.settings.Units;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TimeZone;
import org.quartz.CronExpression;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs that no schedule will fire: those missed while nothing ran, and those left half-read. */
public final class Firings {
  private static final Logger LOG = LoggerFactory.getLogger(Firings.class);

  private final Application application;
  private final LedgerBeans ledger;
  private final JobCatalog jobs;
  private final Duration within;
  private final Clock clock;
  private final Set<String> tried = new HashSet<>();
  private boolean madeUp;

  /** {@code within} is how old a missed firing may be to be made up for. */
  public Firings(
      Application application, LedgerBeans ledger, JobCatalog jobs, Duration within, Clock clock) {
    this.application = application;
    this.ledger = ledger;
    this.jobs = jobs;
    this.within = within;
    this.clock = clock;
  }

  /** Jobs whose route file is missing: they have settings, but can't be fired. */
  List<String> withoutRoute() {
    return jobs.names().stream().filter(name -> !canFire(name)).toList();
  }

  private boolean canFire(String job) {
    return jobs.has(job) && application.context().getRoute(job + "-submit") != null;
  }

  /**
   * Makes up, once, for each job's last firing if it was missed not long ago; an older one is
   * mailed.
   */
  public void missed() throws Exception {
    if (!madeUp) {
      makeUp();
      madeUp = true;
    }
  }

  private void makeUp() throws Exception {
    for (String name : jobs.names().stream().filter(this::canFire).toList()) {
      Optional<Instant> last = Schedule.last(jobs.get(name), clock.instant());
      if (last.isPresent() && ranBefore(name, last.get())) {
        missed(name, last.get());
      }
    }
  }

  /** A job that never ran has missed nothing. */
  private boolean ranBefore(String job, Instant due) {
    return ledger.runs.newestWhole(job).map(Run::dueAt).filter(d -> d.isBefore(due)).isPresent();
  }

  private void missed(String job, Instant due) throws Exception {
    if (Duration.between(due, clock.instant()).compareTo(within) <= 0) {
      LOG.info("The firing of job {} at {} was missed and runs now", job, due);
      application.fire(job + "-submit", Map.of("due", due));
    } else {
      application
          .bean("alerts", Alerts.class)
          .raise(
              "missed-" + job + "-" + due,
              "Job " + job + " missed its run of " + due,
              "Nothing was running then, and "
                  + due
                  + " is longer ago than misfire.within ("
                  + Units.words(within)
                  + "). The next run reads what this one would have read.",
              "To run it now: ./caravan night " + job);
    }
  }

  /**
   * Fires what the clock's jump to summer time has skipped: Quartz knows no 02:30 on such a night.
   */
  public void skipped() throws Exception {
    for (String name : jobs.names()) {
      Optional<Instant> due = inGap(jobs.get(name));
      if (due.isPresent()
          && tried.add(name + due.get())
          && ledger.runs.find(name, due.get()).isEmpty()) {
        LOG.info("Job {} is due at {}: its time of day does not exist tonight", name, due.get());
        application.fire(name + "-submit", Map.of("due", due.get()));
      }
    }
  }

  /** A due time in the hour that the last change of the clock left out, by the new time. */
  private Optional<Instant> inGap(Job job) throws ParseException {
    Instant now = clock.instant();
    ZoneOffsetTransition change = job.zone().getRules().previousTransition(now);
    if (job.cron() == null
        || change == null
        || !change.isGap()
        || change.getInstant().isBefore(now.minus(within))) {
      return Optional.empty();
    }
    // in UTC no hour is left out
    CronExpression cron = new CronExpression(job.cron());
    cron.setTimeZone(TimeZone.getTimeZone("UTC"));
    Instant before = change.getDateTimeBefore().minusSeconds(1).toInstant(ZoneOffset.UTC);
    Date due = cron.getNextValidTimeAfter(Date.from(before));
    return Optional.ofNullable(due)
        .map(date -> LocalDateTime.ofInstant(date.toInstant(), ZoneOffset.UTC))
        .filter(local -> local.isBefore(change.getDateTimeAfter()))
        .map(local -> local.atZone(job.zone()).toInstant())
        .filter(instant -> !instant.isAfter(now));
  }

  /** Takes up extracts whose process died or whose database was away. */
  public void abandoned() throws Exception {
    for (RunGate.Firing firing : application.bean("runGate", RunGate.class).unbegun()) {
      if (jobs.has(firing.job())) {
        application.fire(firing.job() + "-submit", Map.of("due", firing.dueAt()));
      }
    }
    for (Run run : ledger.runs.abandoned()) {
      if (canFire(run.job())) {
        LOG.info("The extract of run {} of job {} begins again", run.id(), run.job());
        application.fire(run.job() + "-submit", Map.of("run", run));
      }
    }
  }
}
