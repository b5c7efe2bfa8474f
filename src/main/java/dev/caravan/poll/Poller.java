package dev.caravan.poll;

import dev.caravan.api.ApiResponse;
import dev.caravan.api.ApiUnreachable;
import dev.caravan.api.BatchesApi;
import dev.caravan.api.MessageBatches;
import dev.caravan.batch.Alerts;
import dev.caravan.batch.Batch;
import dev.caravan.batch.BatchState;
import dev.caravan.batch.MessageBatch;
import dev.caravan.batch.Reasons;
import dev.caravan.ledger.Batches;
import dev.caravan.ledger.Ledger;
import dev.caravan.settings.Settings;
import dev.caravan.settings.Units;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Body;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Polling Consumer of running batches: one GET per look, and what the batch's age demands. */
public final class Poller {
  private static final Logger LOG = LoggerFactory.getLogger(Poller.class);
  private static final Duration MISSING_GRACE = Duration.ofMinutes(10);
  private static final Duration HELD_AGAIN = Duration.ofHours(1);

  private final Ledger ledger;
  private final Batches batches;
  private final BatchesApi api;
  private final Alerts alerts;
  private final LookSchedule schedule;
  private final Settings.Deadline deadline;
  private final Clock clock;

  public Poller(
      Ledger ledger,
      Batches batches,
      BatchesApi api,
      Alerts alerts,
      LookSchedule schedule,
      Settings.Deadline deadline,
      Clock clock) {
    this.ledger = ledger;
    this.batches = batches;
    this.api = api;
    this.alerts = alerts;
    this.schedule = schedule;
    this.deadline = deadline;
    this.clock = clock;
  }

  /** Nonces of the running batches whose look is due. */
  public List<String> due() {
    return batches.toPoll(clock.instant()).stream().map(Batch::nonce).toList();
  }

  /** Nonces of a job's running batches, due or not. */
  public List<String> running(@Body String job) {
    return batches.running(job).stream().map(Batch::nonce).toList();
  }

  /** One look at one batch. */
  public void look(@Body String nonce) {
    Batch batch = batches.get(nonce);
    if (batch.state() == BatchState.HELD) {
      lookAtHeld(batch);
      return;
    }
    String id = String.valueOf(batch.msgbatchId());
    Instant now = clock.instant();
    try {
      ApiResponse answer = api.retrieve(id);
      Optional<MessageBatch> message =
          answer.ok() ? MessageBatches.of(answer.json()) : Optional.empty();
      if (message.isPresent()) {
        seen(batch, message.get(), answer, now);
      } else if (answer.status() == 404 && answer.requestId().isPresent()) {
        missing(batch, answer, now);
      } else {
        LOG.warn("Batch {} ({}) could not be looked at: {}", nonce, id, answer.errorText());
        batches.lookAgain(nonce, schedule.after(batch, answer, now), batch.missingSince());
      }
    } catch (ApiUnreachable e) {
      LOG.warn("Batch {} ({}) could not be looked at: {}", nonce, id, Reasons.of(e));
      batches.lookAgain(nonce, schedule.soon(now), batch.missingSince());
    }
  }

  /** It was not found, or had no results: when the API has it again, it continues. */
  private void lookAtHeld(Batch batch) {
    String id = String.valueOf(batch.msgbatchId());
    Instant now = clock.instant();
    Instant next = now.plus(HELD_AGAIN);
    try {
      ApiResponse answer = api.retrieve(id);
      Optional<MessageBatch> message =
          answer.ok() ? MessageBatches.of(answer.json()) : Optional.empty();
      if (message.isPresent() && batches.held().unheld(batch)) {
        batches.looked(batch, message.get(), schedule.soon(now));
        LOG.info("Batch {} ({}) was held and is known to the API again", batch.nonce(), id);
        return;
      }
      next = schedule.atLeast(answer, next, now);
    } catch (ApiUnreachable e) {
      LOG.warn("Batch {} ({}) could not be looked at: {}", batch.nonce(), id, e.getMessage());
    }
    batches.held().lookAgain(batch.nonce(), next);
  }

  private void seen(Batch batch, MessageBatch message, ApiResponse answer, Instant now) {
    batches.looked(batch, message, schedule.next(batch, message, answer, now));
    if (message.ended()) {
      LOG.info(
          "Batch {} ({}) has ended: {}",
          batch.nonce(),
          message.id(),
          message.requestCounts().text());
      return;
    }
    Duration age = Duration.between(message.createdAt(), answer.date().orElse(now));
    boolean tooOld = age.compareTo(deadline.cancel()) >= 0;
    if (tooOld && batch.cancelCause() == null && message.cancelInitiatedAt() == null) {
      batches.cancelAsked(batch.nonce(), "deadline");
      LOG.warn(
          "Batch {} ({}) is {} h old and is canceled", batch.nonce(), message.id(), age.toHours());
    }
    if (age.compareTo(deadline.alert()) >= 0 && batch.alertedAt() == null) {
      alert(batch, message, age, tooOld);
      // after the alert, which is mailed once: a crash between the two must not swallow it
      batches.alerted(batch.nonce(), now);
    }
    if ((tooOld || batch.cancelCause() != null) && message.cancelInitiatedAt() == null) {
      cancel(batch, message.id(), now);
    }
  }

  private void alert(Batch batch, MessageBatch message, Duration age, boolean tooOld) {
    alerts.raise(
        "late-" + batch.nonce(),
        "Batch " + batch.nonce() + " of job " + batch.job() + " is " + age.toHours() + " h old",
        message.id()
            + " is still "
            + message.processingStatus()
            + (tooOld
                ? ". It is canceled now"
                : ". At " + Units.words(deadline.cancel()) + " it is canceled")
            + "; what has finished is collected, the rest is sent again.",
        tooOld
            ? "Nothing"
            : "Nothing, unless the answers are needed before: ./caravan cancel " + batch.nonce());
  }

  /**
   * Its answer is only a hint: the next look, soon, sees whether it was taken and asks again if
   * not.
   */
  private void cancel(Batch batch, String id, Instant now) {
    Instant next = schedule.soon(now);
    try {
      ApiResponse answer = api.cancel(id);
      if (!answer.ok()) {
        LOG.warn("Batch {} ({}) was not canceled: {}", batch.nonce(), id, answer.errorText());
      }
      next = schedule.soon(batch, answer, now);
    } catch (ApiUnreachable e) {
      LOG.warn("Batch {} ({}) could not be canceled: {}", batch.nonce(), id, Reasons.of(e));
    }
    batches.lookAgain(batch.nonce(), next, null);
  }

  /** A new id may be unknown for a while; for longer, the key is probably another workspace's. */
  private void missing(Batch batch, ApiResponse answer, Instant now) {
    Instant since = batch.missingSince() == null ? now : batch.missingSince();
    if (Duration.between(since, now).compareTo(MISSING_GRACE) < 0) {
      batches.lookAgain(batch.nonce(), schedule.soon(now), since);
      return;
    }
    ledger.inTransaction(() -> held(batch, answer));
  }

  private void held(Batch batch, ApiResponse answer) {
    if (batches
        .held()
        .held(batch.nonce(), "not_found", answer.errorText(), clock.instant().plus(HELD_AGAIN))) {
      alerts.raise(
          "held-" + batch.nonce(),
          "Batch "
              + batch.nonce()
              + " of job "
              + batch.job()
              + " is held: the API does not know it",
          answer.errorText()
              + ". It was accepted in workspace "
              + batch.workspaceId()
              + "; this key looks in "
              + answer.workspaceId().orElse("an unnamed one")
              + ".",
          "Put back the key of that workspace: then it continues within an hour, or at once with"
              + " ./caravan adopt "
              + batch.nonce()
              + " "
              + batch.msgbatchId());
    }
  }
}
