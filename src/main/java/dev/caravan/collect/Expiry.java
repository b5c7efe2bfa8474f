package dev.caravan.collect;

import dev.caravan.batch.Alerts;
import dev.caravan.batch.Batch;
import dev.caravan.ledger.Batches;
import dev.caravan.spool.Spool;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Warns before the API drops results that nobody has: 29 days after the batch was created (API page
 * "Message Batches"). Results that are on disk can't be lost that way.
 */
public final class Expiry {
  private static final Duration DROPPED = Duration.ofDays(29);
  private static final List<Duration> WARNED = List.of(Duration.ofDays(28), Duration.ofDays(25));

  private final Batches batches;
  private final Spool spool;
  private final Alerts alerts;
  private final Clock clock;
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  public Expiry(Batches batches, Spool spool, Alerts alerts, Clock clock) {
    this.batches = batches;
    this.spool = spool;
    this.alerts = alerts;
    this.clock = clock;
  }

  /** Looks at every batch that is paid for and whose results nobody has. */
  public void warn() {
    Instant now = clock.instant();
    for (Batch batch : batches.uncollectedSince(now.minus(WARNED.get(1)))) {
      if (!spool.hasResults(batch)) {
        warn(batch, now);
      }
    }
  }

  private void warn(Batch batch, Instant now) {
    Instant created = Objects.requireNonNull(batch.createdAt());
    Duration age = Duration.between(created, now);
    for (Duration warned : WARNED) {
      String occasion = "results-" + warned.toDays() + "-" + batch.nonce();
      if (age.compareTo(warned) >= 0) {
        if (told.add(occasion)) {
          raise(occasion, batch, created.plus(DROPPED));
        }
        return;
      }
    }
  }

  private void raise(String occasion, Batch batch, Instant dropped) {
    alerts.raise(
        occasion,
        "Batch "
            + batch.msgbatchId()
            + " of job "
            + batch.job()
            + ": the API drops its results at "
            + dropped,
        "It has ended, its "
            + batch.requests()
            + " requests are paid, and its results could not be had yet"
            + (batch.detail() == null ? "" : " (" + batch.detail() + ")")
            + ".",
        "See ./caravan status; mend what it says, then ./caravan collect " + batch.job());
  }
}
