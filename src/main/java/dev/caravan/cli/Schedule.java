package dev.caravan.cli;

import dev.caravan.batch.Reasons;
import dev.caravan.settings.Job;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import java.util.TimeZone;
import org.quartz.CronExpression;

/** When a job was due last, by its cron and zone. */
final class Schedule {
  private static final Duration LOOK_BACK = Duration.ofDays(8);

  private Schedule() {}

  /** The job's last due time up to now; empty when there was none in the last days. */
  static Optional<Instant> last(Job job, Instant now) {
    if (job.cron() == null) {
      return Optional.empty();
    }
    CronExpression cron = cron(job);
    Date last = null;
    Date next = cron.getNextValidTimeAfter(Date.from(now.minus(LOOK_BACK)));
    while (next != null && !next.toInstant().isAfter(now)) {
      last = next;
      next = cron.getNextValidTimeAfter(next);
    }
    return Optional.ofNullable(last).map(Date::toInstant);
  }

  private static CronExpression cron(Job job) {
    try {
      CronExpression cron = new CronExpression(job.cron());
      cron.setTimeZone(TimeZone.getTimeZone(job.zone()));
      return cron;
    } catch (ParseException e) {
      throw new IllegalStateException("cron of job " + job.name() + ": " + Reasons.of(e), e);
    }
  }
}
