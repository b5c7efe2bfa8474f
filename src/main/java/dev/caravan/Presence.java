package dev.caravan;

import dev.caravan.api.ReadBreaker;
import dev.caravan.ledger.Leases;
import dev.caravan.ledger.Nodes;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says every quarter of a minute that this process lives: its leases, and its row for status. */
final class Presence implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Presence.class);

  private final LedgerBeans ledger;
  private final ReadBreaker breaker;
  private final String work;
  private final ScheduledExecutorService pulse =
      Executors.newSingleThreadScheduledExecutor(Presence::daemon);

  /** {@code work} is what status calls this process: service or command. */
  Presence(LedgerBeans ledger, ReadBreaker breaker, String work) {
    this.ledger = ledger;
    this.breaker = breaker;
    this.work = work;
  }

  void begin() {
    pulse.scheduleWithFixedDelay(this::beat, 0, Leases.RENEWAL.toSeconds(), TimeUnit.SECONDS);
  }

  private void beat() {
    try {
      ledger.leases.renew();
      ReadBreaker.State api = breaker.state();
      ledger.nodes.seen(work, new Nodes.Api(api.word(), api.since(), api.detail()));
    } catch (RuntimeException e) {
      LOG.warn("Leases could not be renewed: {}", e.getMessage());
    }
  }

  /** No beat begins after this. */
  void stop() {
    pulse.shutdownNow();
  }

  /** Gives back what this process holds. */
  @Override
  public void close() {
    try {
      ledger.leases.release();
      ledger.nodes.gone();
    } catch (RuntimeException e) {
      LOG.warn("Leases could not be given back: {}", e.getMessage());
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "leases");
    thread.setDaemon(true);
    return thread;
  }
}
