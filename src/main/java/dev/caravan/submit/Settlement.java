package dev.caravan.submit;

import dev.caravan.batch.Alerts;
import dev.caravan.batch.Batch;
import dev.caravan.batch.BatchState;
import dev.caravan.ledger.Batches;
import dev.caravan.ledger.Jobs;
import dev.caravan.ledger.Ledger;
import dev.caravan.ledger.Requests;
import dev.caravan.settings.Settings;
import dev.caravan.spool.Spool;
import dev.caravan.spool.SpoolFailed;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes to the ledger what is known of a batch after its POST (or instead of it). */
public final class Settlement {
  private static final Logger LOG = LoggerFactory.getLogger(Settlement.class);

  private final Ledger ledger;
  private final Batches batches;
  private final Requests requests;
  private final Jobs jobs;
  private final Alerts alerts;
  private final Spool spool;
  private final Settings settings;
  private final Clock clock;

  public Settlement(
      Ledger ledger,
      Batches batches,
      Requests requests,
      Jobs jobs,
      Alerts alerts,
      Spool spool,
      Settings settings,
      Clock clock) {
    this.ledger = ledger;
    this.batches = batches;
    this.requests = requests;
    this.jobs = jobs;
    this.alerts = alerts;
    this.spool = spool;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * The API has the batch. The id is on disk before the ledger knows it: two chances to keep it.
   */
  void accepted(Batch batch, CreateAnswer.Accepted answer) {
    try {
      Spool.write(spool.id(batch), answer.message().id() + "\n");
    } catch (SpoolFailed full) {
      LOG.warn("{}. The ledger alone keeps {}", full.getMessage(), answer.message().id());
    }
    batches.accepted(
        batch.nonce(), answer.message(), answer.workspace(), clock.instant().plus(firstLook()));
    LOG.info(
        "Batch {} of job {} is {} at the API, {} requests",
        batch.nonce(),
        batch.job(),
        answer.message().id(),
        batch.requests());
  }

  /**
   * After poll.first; a first look after the age of an alert would make that, or a cancel, late.
   */
  private Duration firstLook() {
    Duration first = settings.poll().first();
    Duration alert = settings.deadline().alert();
    return first.compareTo(alert) < 0 ? first : alert;
  }

  /** Nobody knows whether the API has the batch; {@code beganAt} is in the API's time. */
  void doubt(Batch batch, Instant beganAt, String detail) {
    Instant firstLook = clock.instant().plus(settings.submit().doubtLooks().get(0));
    if (batches.doubt(batch.nonce(), beganAt, firstLook, detail)) {
      LOG.warn(
          "Batch {} of job {} is in doubt ({}). Nothing is posted for its records until that is settled",
          batch.nonce(),
          batch.job(),
          detail);
    }
  }

  /**
   * A twin has answered records of this ready batch: they are closed, the rest is made anew. False
   * when there are none, so that the batch may be posted as it is.
   */
  boolean answeredByTwin(Batch batch) {
    if (!requests.hasSuperseded(batch.nonce())) {
      return false;
    }
    unreadable(batch, "a twin has answered some of its records");
    return true;
  }

  /** The API does not have the batch, as the answer to its POST proves. */
  void refused(Batch batch, CreateAnswer proof) {
    refused(batch, BatchState.SUBMITTING, proof);
  }

  private void refused(Batch batch, BatchState from, CreateAnswer proof) {
    if (proof instanceof CreateAnswer.NotNow notNow) {
      Duration wait = notNow.retryAfter() == null ? settings.retry().first() : notNow.retryAfter();
      batches.backToReady(
          batch.nonce(), from, clock.instant().plus(wait), notNow.cause(), notNow.detail());
      LOG.warn(
          "Batch {} of job {} waits {} s: {}",
          batch.nonce(),
          batch.job(),
          wait.toSeconds(),
          notNow.detail());
    } else if (proof instanceof CreateAnswer.Stop stop) {
      ledger.inTransaction(
          () -> {
            batches.backToReady(batch.nonce(), from, clock.instant(), stop.cause(), stop.detail());
            pause(batch, stop.detail());
          });
    } else if (proof instanceof CreateAnswer.BadRequest bad) {
      regroup(batch, from, "refused", bad.detail(), bad.index());
    } else if (proof instanceof CreateAnswer.TooLarge large) {
      regroup(batch, from, "batch_too_large", large.detail(), batch.requests() == 1 ? 0 : -1);
    } else if (proof instanceof CreateAnswer.Held held) {
      ledger.inTransaction(() -> held(batch, held.detail()));
    } else {
      throw new IllegalArgumentException("No proof that nothing was accepted: " + proof);
    }
  }

  /** The GET before the POST brought no list, so nothing was posted. */
  void notPosted(Batch batch, CreateAnswer why) {
    boolean plain = why instanceof CreateAnswer.Stop || why instanceof CreateAnswer.NotNow;
    CreateAnswer wait =
        plain
            ? why
            : why instanceof CreateAnswer.Doubt doubt
                ? new CreateAnswer.NotNow("unreachable", doubt.detail(), doubt.retryAfter())
                : new CreateAnswer.NotNow("unreachable", why.toString(), null);
    refused(batch, BatchState.READY, wait);
  }

  /** Its spool file is gone: its records can't be sent, nor sent again. */
  void unreadable(Batch batch, String detail) {
    regroup(batch, BatchState.READY, "refused", detail, -1);
  }

  private void pause(Batch batch, String detail) {
    if (jobs.pause(batch.job(), detail)) {
      stopped(batch, detail);
    }
  }

  private void stopped(Batch batch, String detail) {
    alerts.raise(
        "paused-" + batch.job() + "-" + clock.instant(),
        "Job " + batch.job() + " is paused: the API refuses to take its batches",
        detail + ". Batch " + batch.nonce() + " waits; nothing was accepted, nothing is lost.",
        "Mend the key, the limit or the account, then ./caravan resume " + batch.job());
  }

  /** Nothing was accepted: the records go under new nonces, without the one at fault. */
  private void regroup(Batch batch, BatchState from, String cause, String detail, int badIndex) {
    boolean known =
        ledger.inTransaction(
            () -> {
              if (!batches.refused(batch.nonce(), from, batch.requests(), cause, detail)) {
                return true;
              }
              boolean found =
                  badIndex < 0
                      || requests.rejectAt(batch.nonce(), badIndex, "refused_by_api", detail);
              requests.close(batch.nonce(), cause, detail, Integer.MAX_VALUE);
              return found;
            });
    if (!known) {
      // sending the same again would be refused the same way, for ever
      ledger.inTransaction(() -> pause(batch, detail));
      return;
    }
    LOG.warn(
        "Batch {} of job {} was refused and is made anew: {}", batch.nonce(), batch.job(), detail);
  }

  private void held(Batch batch, String detail) {
    if (batches.heldRefused(batch.nonce(), detail)) {
      alerts.raise(
          "held-" + batch.nonce(),
          "Batch " + batch.nonce() + " of job " + batch.job() + " is held: the API refused it",
          detail + ". Nothing was accepted; sending the same again would not help.",
          "See ./caravan status, mend the cause, then send it anew with ./caravan adopt "
              + batch.nonce()
              + " none");
    }
  }

  /** A person says that the API has none: after a refusal that is proved, else as good as lost. */
  void none(Batch batch) {
    if (batch.state() == BatchState.HELD && "refused".equals(batch.cause())) {
      String detail = Objects.requireNonNullElse(batch.detail(), "the API refused it");
      regroup(batch, BatchState.HELD, "refused", detail, -1);
    } else {
      lost(batch);
    }
  }

  /** Every look found nothing: the same records go under a new nonce; a late twin is looked for. */
  void lost(Batch batch) {
    ledger.inTransaction(
        () -> {
          if (batches.lost(
              batch.nonce(), clock.instant(), clock.instant().plus(Duration.ofHours(1)))) {
            requests.close(
                batch.nonce(), "lost", "its POST never arrived", settings.submit().attempts());
          }
        });
    LOG.warn(
        "Batch {} of job {} did not arrive: its {} records are sent again under a new nonce",
        batch.nonce(),
        batch.job(),
        batch.requests());
  }
}
