package dev.caravan.collect;

import dev.caravan.batch.Alerts;
import dev.caravan.batch.Batch;
import dev.caravan.ledger.Batches;
import dev.caravan.ledger.Ledger;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Results that lack what the API counts as answered, however often they are fetched: such answers
 * are paid, so nothing is sent again without a person, and the results are asked for from time to
 * time.
 */
public final class Missing {
  private static final Logger LOG = LoggerFactory.getLogger(Missing.class);
  private static final Duration STRANGE_AGAIN = Duration.ofHours(1);
  private static final Duration PARTIAL_AGAIN = Duration.ofHours(4);

  private final Ledger ledger;
  private final Batches batches;
  private final ResultsFile results;
  private final Alerts alerts;
  private final Clock clock;

  public Missing(Ledger ledger, Batches batches, ResultsFile results, Alerts alerts, Clock clock) {
    this.ledger = ledger;
    this.batches = batches;
    this.results = results;
    this.alerts = alerts;
    this.clock = clock;
  }

  /** Holds the batch unless what has no line can be without a result; true when it is held. */
  boolean holds(Batch batch, Tally tally) {
    int owed = tally.owed(batch.requestCounts().succeeded(), batch.downloads());
    boolean strange = tally.lines() == 0;
    if (owed == 0 && !strange) {
      return false;
    }
    if (strange) {
      results.again(batch, true);
    }
    String why =
        strange
            ? "no line of its results is of this batch (a page of a proxy, perhaps)"
            : "its results lack %,d answers that the API counts as succeeded".formatted(owed);
    ledger.inTransaction(() -> hold(batch, why, strange ? STRANGE_AGAIN : PARTIAL_AGAIN));
    return true;
  }

  private void hold(Batch batch, String why, Duration again) {
    if (!batches
        .held()
        .held(batch.nonce(), Batch.RESULTS_MISSING, why, clock.instant().plus(again))) {
      return;
    }
    LOG.warn("Batch {} of job {} is held: {}", batch.nonce(), batch.job(), why);
    alerts.raise(
        "results-" + batch.nonce(),
        "Batch "
            + batch.nonce()
            + " of job "
            + batch.job()
            + " is held: its results are incomplete",
        "The API says of "
            + batch.msgbatchId()
            + ": "
            + batch.requestCounts().text()
            + ", but "
            + why
            + ". These answers are paid, so nothing is sent again; they are asked for every "
            + (again.equals(STRANGE_AGAIN) ? "hour" : "4 hours")
            + ".",
        "Look at proxy and firewall, and for the batch in the console. When its answers are lost for"
            + " good: ./caravan adopt "
            + batch.nonce()
            + " none sends its records again and pays again");
  }
}
