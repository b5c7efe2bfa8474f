package dev.caravan.load;

import dev.caravan.batch.Alerts;
import dev.caravan.batch.Batch;
import dev.caravan.batch.Decision;
import dev.caravan.batch.Outcome;
import dev.caravan.ledger.Jobs;
import dev.caravan.ledger.Ledger;
import dev.caravan.ledger.SqlFault;
import dev.caravan.load.LoadTransaction.Chunk;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.Body;
import org.apache.camel.Variable;
import org.apache.camel.util.ObjectHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.TransactionStatus;

/**
 * Applies a chunk of decisions exactly once (R4): one transaction, in which the ledger changes
 * first and only what it changed goes to the load route. This class, and no redelivery, repeats it.
 */
public final class Loader {
  private static final Logger LOG = LoggerFactory.getLogger(Loader.class);

  private static final String SHARED_ROWS =
      "If load.sql changes rows that several records share, set load.workers=1 in"
          + " config/application.properties: chunks then load one after the other.";

  private final Ledger ledger;
  private final LoadTransaction transaction;
  private final Jobs jobs;
  private final Alerts alerts;
  private final List<Duration> pauses;
  private final Clock clock;

  /** {@code pauses} are the waits between tries when the database is busy or away. */
  public Loader(
      Ledger ledger,
      LoadTransaction transaction,
      Jobs jobs,
      Alerts alerts,
      List<Duration> pauses,
      Clock clock) {
    this.ledger = ledger;
    this.transaction = transaction;
    this.jobs = jobs;
    this.alerts = alerts;
    this.pauses = pauses;
    this.clock = clock;
  }

  /**
   * Writes outcomes and loads accepted answers.
   *
   * @param reopen whether requests rejected because loading failed are open again first
   * @throws LoadHalted when nothing of the chunk could be changed
   */
  public void apply(
      @Body List<Decision> decisions,
      @Variable("batch") Batch batch,
      @Variable("reopen") @Nullable Boolean reopen) {
    for (int tries = 0; ; tries++) {
      boolean last = tries >= pauses.size();
      Chunk chunk = new Chunk(batch, decisions, Boolean.TRUE.equals(reopen), last);
      try {
        ledger.inTransaction(tx -> booked(tx, chunk, clock.instant()));
        return;
      } catch (RuntimeException e) {
        // Camel refuses each further step of a route that did not end in time
        if (ObjectHelper.getException(RejectedExecutionException.class, e) != null) {
          throw new LoadHalted("this process stops", e);
        }
        if (SqlFault.of(e) != SqlFault.TRANSIENT) {
          throw halted(batch, e);
        }
        if (last) {
          throw busy(batch, e);
        }
        await(pauses.get(tries), e);
      }
    }
  }

  /** Outcomes, and the pause that follows from them: a crash leaves both or neither. */
  private List<Decision> booked(TransactionStatus tx, Chunk chunk, Instant now) {
    List<Decision> changed = transaction.apply(tx, chunk, now);
    // only what changed now: a pause of an earlier collect may have been resumed since
    changed.stream()
        .filter(d -> d.outcome() instanceof Outcome.Retry retry && retry.pausesJob())
        .findFirst()
        .ifPresent(d -> pause(chunk.batch(), (Outcome.Retry) d.outcome()));
    return changed;
  }

  private LoadHalted halted(Batch batch, RuntimeException e) {
    String message = SqlFault.cause(e);
    LoadHalted halted = new LoadHalted(message, e);
    try {
      ledger.inTransaction(() -> pauseLoad(batch, message));
    } catch (RuntimeException worse) {
      // why the load failed must not be hidden by a pause that fails, too
      halted.addSuppressed(worse);
    }
    return halted;
  }

  private void pauseLoad(Batch batch, String message) {
    if (jobs.pause(batch.job(), "load: " + message)) {
      alerts.raise(
          "load-" + batch.nonce() + "-" + clock.instant(),
          "Job " + batch.job() + " is paused: its answers can't be loaded",
          message
              + ". No row was changed and nothing was rejected; the answers of batch "
              + batch.msgbatchId()
              + " are kept.",
          "Mend config/jobs/"
              + batch.job()
              + "/load.sql or the table, then ./caravan resume "
              + batch.job());
    }
  }

  private void pause(Batch batch, Outcome.Retry retry) {
    if (jobs.pause(batch.job(), retry.cause() + ": " + retry.detail())) {
      alerts.raise(
          "stopped-" + batch.nonce(),
          "Job " + batch.job() + " is paused: " + retry.cause(),
          retry.detail()
              + ". Finished answers of batch "
              + batch.msgbatchId()
              + " are loaded; the rest waits.",
          "Mend what it says, then ./caravan resume " + batch.job());
    }
  }

  /** The batch stays as it is, and is taken up again; people hear of it once. */
  private LoadHalted busy(Batch batch, RuntimeException e) {
    String message = SqlFault.message(e);
    if (!SqlFault.deadlock(e) && !SqlFault.waited(e)) {
      return new LoadHalted("the database is away: " + message, e);
    }
    boolean deadlock = SqlFault.deadlock(e);
    LoadHalted halted =
        new LoadHalted(
            (deadlock ? "deadlock in the load: " : "the load waits for a lock: ") + message, e);
    alerts.raise(
        "load-busy-" + batch.nonce(),
        "Job " + batch.job() + ": answers wait for a lock",
        "Answers of batch "
            + batch.msgbatchId()
            + " could not be loaded in "
            + (pauses.size() + 1)
            + " tries: "
            + message
            + ". Nothing was changed or rejected; they are loaded again every minute.",
        deadlock
            ? SHARED_ROWS
            : "See which session holds the lock on the tables of config/jobs/"
                + batch.job()
                + "/load.sql, and end it if it should not.");
    return halted;
  }

  private static void await(Duration pause, RuntimeException e) {
    LOG.warn(
        "{} The chunk is loaded again in {} ms: {}",
        SqlFault.deadlock(e) ? "Deadlock in the load. " + SHARED_ROWS : "Database busy or away.",
        pause.toMillis(),
        SqlFault.message(e));
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new LoadHalted("interrupted", stopped);
    }
  }
}
