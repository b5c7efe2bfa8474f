package dev.caravan;

import dev.caravan.api.ReadBreaker;
import dev.caravan.check.SharedSpool;
import dev.caravan.ledger.Leases;
import dev.caravan.ledger.Nodes;
import dev.caravan.ledger.SqlFault;
import dev.caravan.settings.Fault;
import dev.caravan.settings.FaultsException;
import dev.caravan.spool.NodeMarks;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says every quarter of a minute that this process lives: its leases, and its row for status. */
final class Presence implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Presence.class);

  private static final Duration OLD_MARK = Duration.ofHours(1);

  private final LedgerBeans ledger;
  private final ReadBreaker breaker;
  private final String work;
  private final Path spool;
  private final Clock clock;
  private final NodeMarks marks;
  private final ScheduledExecutorService pulse =
      Executors.newSingleThreadScheduledExecutor(Presence::daemon);

  /** {@code work} is what status calls this process: service or command. */
  Presence(LedgerBeans ledger, ReadBreaker breaker, String work, Path spool, Clock clock) {
    this.ledger = ledger;
    this.breaker = breaker;
    this.work = work;
    this.spool = spool;
    this.clock = clock;
    this.marks = new NodeMarks(spool);
  }

  /**
   * Begins to live, and to be seen.
   *
   * @throws FaultsException when another process on the ledger uses another spool
   */
  void begin() {
    marks.leave(ledger.nodes.own());
    List<Fault> elsewhere = SharedSpool.faults(spool, ledger.nodes);
    if (!elsewhere.isEmpty()) {
      throw new FaultsException(elsewhere);
    }
    marks.sweep(
        Stream.concat(
                Stream.of(ledger.nodes.own()), ledger.nodes.live().stream().map(Nodes.Node::id))
            .toList(),
        clock.instant().minus(OLD_MARK));
    pulse.scheduleWithFixedDelay(this::beat, 0, Leases.RENEWAL.toSeconds(), TimeUnit.SECONDS);
  }

  private void beat() {
    try {
      ledger.leases.renew();
      ReadBreaker.State api = breaker.state();
      ledger.nodes.seen(work, new Nodes.Api(api.word(), api.since(), api.detail()));
    } catch (RuntimeException e) {
      LOG.warn("Leases could not be renewed: {}", SqlFault.message(e));
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
      marks.remove(ledger.nodes.own());
    } catch (RuntimeException e) {
      LOG.warn("Leases could not be given back: {}", SqlFault.message(e));
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "leases");
    thread.setDaemon(true);
    return thread;
  }
}
