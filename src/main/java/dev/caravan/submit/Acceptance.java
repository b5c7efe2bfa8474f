package dev.caravan.submit;

import dev.caravan.batch.Alerts;
import dev.caravan.ledger.Jobs;
import dev.caravan.ledger.Ledger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * How long a job has posted without being accepted: after an hour people are told, after
 * submit.give-up it is paused. It stands in the ledger, for every node and every restart.
 */
final class Acceptance {
  private static final Duration TOLD_AFTER = Duration.ofHours(1);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);

  private final Ledger ledger;
  private final Jobs jobs;
  private final Alerts alerts;
  private final Duration giveUp;
  private final Clock clock;

  Acceptance(Ledger ledger, Jobs jobs, Alerts alerts, Duration giveUp, Clock clock) {
    this.ledger = ledger;
    this.jobs = jobs;
    this.alerts = alerts;
    this.giveUp = giveUp;
    this.clock = clock;
  }

  /** A batch of the job was to be posted and was not accepted, as far as anybody knows. */
  void missed(String job, String detail) {
    Instant now = clock.instant();
    ledger.inTransaction(
        () -> {
          Instant since = jobs.notAccepted(job, detail, now);
          if (!now.isBefore(since.plus(giveUp)) && pause(job, since, detail)) {
            alerts.raise(
                "paused-" + job + "-" + since,
                "Job " + job + " is paused: the API has accepted no batch of it for " + hours(),
                "Since " + TIME.format(since) + " every submission has failed; the last: " + detail,
                remedy(job));
          }
        });
  }

  private boolean pause(String job, Instant since, String detail) {
    return jobs.pause(
        job,
        "The API has accepted no batch of it since %s (submit.give-up: %s); the last submission: %s. %s"
            .formatted(TIME.format(since), hours(), detail, remedy(job)));
  }

  private static String remedy(String job) {
    return "Nothing is lost or rejected. Look at status.claude.com, your network and the limits of"
        + " your organization; when the API accepts batches again: ./caravan resume "
        + job;
  }

  /** Tells people of jobs that have waited for an hour, once; forgets those that wait no more. */
  void watch() {
    Instant now = clock.instant();
    for (Jobs.Unaccepted job : jobs.unaccepted()) {
      if (!jobs.waiting(job.job(), job.since())) {
        jobs.nothingWaits(job.job());
      } else if (!job.alerted() && !now.isBefore(job.since().plus(TOLD_AFTER))) {
        ledger.inTransaction(() -> tell(job, now));
      }
    }
  }

  private void tell(Jobs.Unaccepted job, Instant now) {
    if (jobs.alerted(job, now)) {
      alerts.raise(
          "unaccepted-" + job.job() + "-" + job.since(),
          "Job " + job.job() + ": the API has accepted no batch of it for an hour",
          "Since "
              + TIME.format(job.since())
              + " every submission has failed; the last: "
              + job.detail()
              + ". Nothing is lost or rejected: it is tried again, with growing pauses. After "
              + hours()
              + " the job is paused.",
          "If status.claude.com knows of no trouble, check the network and the limits of your"
              + " organization; otherwise nothing");
    }
  }

  private String hours() {
    return giveUp.toMinutes() % 60 == 0 ? giveUp.toHours() + " h" : giveUp.toMinutes() + " min";
  }
}
