package dev.caravan.submit;

import dev.caravan.batch.Alerts;
import dev.caravan.batch.Batch;
import dev.caravan.batch.BatchState;
import dev.caravan.batch.Unaccepted;
import dev.caravan.ledger.Batches;
import dev.caravan.ledger.Jobs;
import dev.caravan.ledger.Ledger;
import dev.caravan.ledger.Requests;
import dev.caravan.settings.Settings;
import dev.caravan.spool.Spool;
import dev.caravan.spool.SpoolFailed;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
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
  private final Acceptance acceptance;
  private final LikeRefusals likeRefusals;

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
    this.likeRefusals = new LikeRefusals(batches);
    this.acceptance = new Acceptance(ledger, jobs, alerts, settings.submit().giveUp(), clock);
  }

  /** Tells people of what has waited too long to be accepted. */
  void watch() {
    acceptance.watch();
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
      acceptance.missed(batch.job(), detail);
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
      notNow(batch, from, notNow);
    } else if (proof instanceof CreateAnswer.Stop stop) {
      stop(batch, from, stop.cause(), stop.detail());
    } else if (proof instanceof CreateAnswer.BadRequest bad) {
      badRequest(batch, from, bad);
    } else if (proof instanceof CreateAnswer.TooLarge large) {
      int bad = batch.requests() == 1 ? 0 : -1;
      regroup(batch, from, "batch_too_large", large.detail(), bad, batch.unaccepted());
    } else if (proof instanceof CreateAnswer.Held held) {
      ledger.inTransaction(() -> held(batch, held.detail()));
    } else {
      throw new IllegalArgumentException("No proof that nothing was accepted: " + proof);
    }
  }

  /** It waits, longer each time, and at least as long as the API asks for. */
  private void notNow(Batch batch, BatchState from, CreateAnswer.NotNow notNow) {
    Unaccepted unaccepted = batch.unaccepted().again();
    Duration backoff = settings.retry().after(unaccepted.posts());
    Duration asked = Objects.requireNonNullElse(notNow.retryAfter(), Duration.ZERO);
    Duration wait = asked.compareTo(backoff) > 0 ? asked : backoff;
    batches.backToReady(
        batch, from, unaccepted, clock.instant().plus(wait), notNow.cause(), notNow.detail());
    acceptance.missed(batch.job(), notNow.detail());
    LOG.warn(
        "Batch {} of job {} waits {} s: {}",
        batch.nonce(),
        batch.job(),
        wait.toSeconds(),
        notNow.detail());
  }

  private void stop(Batch batch, BatchState from, String cause, String detail) {
    ledger.inTransaction(
        () -> {
          batches.backToReady(batch, from, Unaccepted.NONE, clock.instant(), cause, detail);
          pause(batch, detail);
        });
  }

  /** One request after the other with a like fault: it is the job's, or that of all of them. */
  private void badRequest(Batch batch, BatchState from, CreateAnswer.BadRequest bad) {
    int alike = likeRefusals.count(batch, bad.detail());
    if (alike > LikeRefusals.MOST) {
      String detail =
          "The API has refused %d requests in a row, each for a fault like this: %s. It is probably that of all of them"
              .formatted(alike, bad.detail());
      stop(batch, from, "refused", detail);
    } else {
      Unaccepted unaccepted = batch.unaccepted().alike(alike);
      regroup(batch, from, "refused", bad.detail(), bad.index(), unaccepted);
    }
  }

  /** The GET before the POST brought no list, so nothing was posted. */
  void notPosted(Batch batch, CreateAnswer why) {
    CreateAnswer wait = why;
    if (why instanceof CreateAnswer.Doubt doubt) {
      wait = new CreateAnswer.NotNow("unreachable", doubt.detail(), doubt.retryAfter());
    } else if (!(why instanceof CreateAnswer.Stop || why instanceof CreateAnswer.NotNow)) {
      wait = new CreateAnswer.NotNow("unreachable", why.toString(), null);
    }
    refused(batch, BatchState.READY, wait);
  }

  /** Its spool file is gone: its records can't be sent, nor sent again. */
  void unreadable(Batch batch, String detail) {
    regroup(batch, BatchState.READY, "refused", detail, -1, batch.unaccepted());
  }

  private void pause(Batch batch, String detail) {
    if (jobs.pause(batch.job(), detail)) {
      alerts.raise(
          "paused-" + batch.job() + "-" + clock.instant(),
          "Job " + batch.job() + " is paused: the API refuses to take its batches",
          detail + ". Batch " + batch.nonce() + " waits; nothing was accepted, nothing is lost.",
          "Fix what it says (the key, a limit, the account, the job), then ./caravan resume "
              + batch.job());
    }
  }

  /** Nothing was accepted: the records go under new nonces, without the one at fault. */
  private void regroup(
      Batch batch,
      BatchState from,
      String cause,
      String detail,
      int badIndex,
      Unaccepted unaccepted) {
    boolean known =
        ledger.inTransaction(
            () -> {
              if (!batches.refused(batch, from, unaccepted, cause, detail)) {
                return true;
              }
              boolean found =
                  badIndex < 0
                      || requests.rejectAt(batch.nonce(), badIndex, "refused_by_api", detail);
              requests.close(batch.nonce(), cause, detail, Integer.MAX_VALUE, null);
              return found;
            });
    if (!known) {
      // sending the same again would be refused the same way, for ever
      ledger.inTransaction(() -> pause(batch, detail));
      return;
    }
    LOG.warn(
        "Batch {} of job {} was refused and will be rebuilt: {}",
        batch.nonce(),
        batch.job(),
        detail);
  }

  private void held(Batch batch, String detail) {
    if (batches.held().heldRefused(batch.nonce(), detail)) {
      alerts.raise(
          "held-" + batch.nonce(),
          "Batch " + batch.nonce() + " of job " + batch.job() + " is held: the API refused it",
          detail + ". Nothing was accepted; sending the same again would not help.",
          "Fix the cause, then send it again: ./caravan adopt " + batch.nonce() + " none");
    }
  }

  /** A person says that the API has none: after a refusal that is proved, else as good as lost. */
  void none(Batch batch) {
    if (batch.state() == BatchState.HELD && "refused".equals(batch.cause())) {
      String detail = Objects.requireNonNullElse(batch.detail(), "the API refused it");
      regroup(batch, BatchState.HELD, "refused", detail, -1, batch.unaccepted());
    } else {
      sentAnew(batch, null);
    }
  }

  /** Answers that are paid can't be had: their records are sent anew, or dropped. */
  void answersLost(Batch batch, boolean drop) {
    String detail =
        "the answers of %s are lost, though paid; a person gave them up"
            .formatted(batch.msgbatchId());
    int attempts = drop ? 0 : settings.submit().attempts();
    ledger.inTransaction(
        () -> {
          if (batches.held().givenUp(batch.nonce(), clock.instant(), detail)) {
            String cause = drop ? "canceled" : "answers_lost";
            requests.close(batch.nonce(), cause, detail, attempts, null);
          }
        });
    // what a download had is found where its lines are looked for
    if (!spool.hasResults(batch) && Files.exists(spool.incomplete(batch))) {
      Spool.move(spool.incomplete(batch), spool.results(batch));
    }
    LOG.warn("Batch {} of job {}: {}", batch.nonce(), batch.job(), detail);
  }

  /**
   * Every look found nothing, {@code waited} after the doubt began: what is left of the backoff is
   * waited for now.
   */
  void lost(Batch batch, Duration waited) {
    Duration wait = settings.retry().after(batch.unaccepted().posts() + 1).minus(waited);
    sentAnew(batch, wait.isNegative() ? null : clock.instant().plus(wait));
  }

  /** The same records go under a new nonce, which is no attempt; a late twin is looked for. */
  private void sentAnew(Batch batch, @Nullable Instant notBefore) {
    ledger.inTransaction(
        () -> {
          if (batches.lost(batch, clock.instant(), Doubts.hourly(clock))) {
            String detail = "its POST never arrived";
            requests.close(batch.nonce(), "lost", detail, Integer.MAX_VALUE, notBefore);
          }
        });
    LOG.warn(
        "Batch {} of job {} did not arrive: its {} records are sent again under a new nonce",
        batch.nonce(),
        batch.job(),
        batch.requests());
  }
}
