package dev.caravan.extract;

import dev.caravan.batch.Alerts;
import dev.caravan.batch.Run;
import dev.caravan.ledger.Jobs;
import dev.caravan.ledger.Runs;
import dev.caravan.ledger.SqlFault;
import dev.caravan.ledger.TakenOver;
import dev.caravan.settings.Job;
import dev.caravan.settings.Settings;
import dev.caravan.spool.BatchAssembler;
import dev.caravan.spool.SpoolFailed;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.camel.Exchange;
import org.apache.camel.spi.Synchronization;
import org.apache.camel.support.SynchronizationAdapter;
import org.apache.camel.util.ObjectHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DuplicateKeyException;

/**
 * The two ends of a job's submit route: whether this firing is ours and what to read, and what
 * becomes of the run when reading breaks off.
 */
public final class RunGate {
  private static final Logger LOG = LoggerFactory.getLogger(RunGate.class);

  private final Runs runs;
  private final Jobs pauses;
  private final Extractor extractor;
  private final BatchAssembler assembler;
  private final Alerts alerts;
  private final Settings.Retry retry;
  private final Clock clock;
  private final Queue<Firing> untold = new ConcurrentLinkedQueue<>();

  /** A due time of a job. */
  public record Firing(String job, Instant dueAt) {}

  public RunGate(
      Runs runs,
      Jobs pauses,
      Extractor extractor,
      BatchAssembler assembler,
      Alerts alerts,
      Settings.Retry retry,
      Clock clock) {
    this.runs = runs;
    this.pauses = pauses;
    this.extractor = extractor;
    this.assembler = assembler;
    this.alerts = alerts;
    this.retry = retry;
    this.clock = clock;
  }

  /**
   * Opens the run of this firing: the body becomes the job's extract.sql with its parameters {@code
   * due} and {@code night}. Ends the route when another process owns the firing or the job is
   * paused.
   */
  public void begin(Exchange exchange) {
    String name = exchange.getVariable("job", String.class);
    if (exchange.getVariable("count") != null) {
      Set<String> only = only(exchange);
      Integer limit = exchange.getVariable("limit", Integer.class);
      read(exchange, extractor.count(name, only, limit), clock.instant());
      return;
    }
    exchange.setVariable("firing", new Firing(name, due(exchange)));
    Optional<Run> run = ours(exchange, name);
    if (run.isEmpty()) {
      exchange.removeVariable("run");
      exchange.setRouteStop(true);
      return;
    }
    exchange.setVariable("run", run.get());
    Extraction extraction = extractor.begin(run.get());
    pauses.promptVersion(name, String.valueOf(extraction.run().promptVersion()));
    exchange.getExchangeExtension().addOnCompletion(endedBy(run.get(), extraction));
    LocalDateTime due = read(exchange, extraction, run.get().dueAt());
    LOG.info("Run {} of job {} begins, due {}", run.get().id(), name, due);
  }

  /** The body becomes the statement of a pass; when it is due by the clock of its job. */
  private static LocalDateTime read(Exchange exchange, Extraction extraction, Instant dueAt) {
    exchange.setVariable("extraction", extraction);
    exchange.setVariable("assembly", extraction.assembly());
    Job job = extraction.job();
    LocalDateTime due = LocalDateTime.ofInstant(dueAt, job.zone());
    ExtractQuery query = ExtractQuery.of(job, due);
    exchange.getMessage().setHeader("CamelJdbcParameters", query.parameters());
    exchange.getMessage().setBody(query.sql());
    return due;
  }

  private Optional<Run> ours(Exchange exchange, String job) {
    Set<String> only = only(exchange);
    boolean again = exchange.getVariable("again") != null;
    if (only != null) {
      extractor.askFor(job, due(exchange), only);
    }
    Optional<Jobs.Pause> pause = pauses.pause(job);
    if (pause.isPresent()) {
      if (only != null && !again) {
        waitForResume(job, due(exchange));
        return Optional.empty();
      }
      LOG.warn(
          "Job {} is paused ({}): this firing is skipped. Go on with ./caravan resume {}",
          job,
          pause.get().cause(),
          job);
      return Optional.empty();
    }
    Run left = exchange.getVariable("run", Run.class);
    return left != null
        ? runs.beginAgain(left.id())
        : runs.begin(
            job,
            exchange.getVariable("firing", Firing.class).dueAt(),
            exchange.getVariable("limit", Integer.class),
            only != null,
            again);
  }

  @SuppressWarnings("unchecked")
  private static @Nullable Set<String> only(Exchange exchange) {
    return exchange.getVariable("only", Set.class);
  }

  /** A person asked for records of a paused job: their run stands in the ledger, unread. */
  private void waitForResume(String job, Instant due) {
    runs.begin(job, due, null, true, false)
        .ifPresent(run -> runs.broken(run.id(), "not begun, the job is paused", Duration.ZERO));
  }

  private Instant due(Exchange exchange) {
    Instant asked = exchange.getVariable("due", Instant.class);
    Date scheduled = exchange.getMessage().getHeader("scheduledFireTime", Date.class);
    return asked != null ? asked : scheduled != null ? scheduled.toInstant() : clock.instant();
  }

  /** Reading broke off: later again when the database was away, else the job waits for a person. */
  public void failed(Exchange exchange) {
    Extraction extraction = exchange.getVariable("extraction", Extraction.class);
    Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    Run run = exchange.getVariable("run", Run.class);
    if (run == null) {
      notBegun(exchange.getVariable("firing", Firing.class), failure);
      return;
    }
    ChunksInHand.Work work = exchange.getVariable("work", ChunksInHand.Work.class);
    if (work != null) {
      work.end();
    }
    if (extraction != null && !extraction.end()) {
      // another chunk failed first, and this one because of it
      return;
    }
    Optional<String> dropped = extraction == null ? Optional.empty() : dropped(extraction, failure);
    if (causedBy(TakenOver.class, failure)) {
      dropped.ifPresent(extractor::forget);
      LOG.warn("Run {} continues in another process, which held this one to be dead", run.id());
      return;
    }
    String message = SqlFault.cause(failure);
    if (!told(run, message)) {
      return;
    }
    if (causedBy(SpoolFailed.class, failure)) {
      alertOfSpool(run, message);
    }
    if (SqlFault.of(failure) == SqlFault.TRANSIENT
        || causedBy(SpoolFailed.class, failure)
        || causedBy(DuplicateKeyException.class, failure)) {
      LOG.warn("Extract of run {} failed ({}); it begins again automatically", run.id(), message);
      return;
    }
    pause(run, message);
  }

  /** When this returns, no chunk of the pass is in hand any more. */
  private Optional<String> dropped(Extraction extraction, Throwable failure) {
    Optional<String> dropped = assembler.discard(extraction.assembly(), failure);
    extraction.chunks().close();
    return dropped;
  }

  /** For a route that ended without an error, and without having read its source to the end. */
  private Synchronization endedBy(Run run, Extraction extraction) {
    return new SynchronizationAdapter() {
      @Override
      public void onDone(Exchange exchange) {
        if (extraction.end()) {
          String message =
              "route " + run.job() + "-submit ended before all rows were read, without an error";
          dropped(extraction, new IllegalStateException(message));
          if (told(run, message)) {
            pause(run, message);
          }
        }
      }
    };
  }

  private void alertOfSpool(Run run, String message) {
    alerts.raise(
        "spool-" + run.id(),
        "Job " + run.job() + " waits for its spool folder",
        message + ". Full batches are sent as usual; the rest begins again automatically.",
        "Make room on the disk of spool.dir, or lower spool.keep; if that disk is not mounted,"
            + " mount it");
  }

  private void pause(Run run, String message) {
    pauses.pause(run.job(), "extract: " + message);
    alerts.raise(
        "extract-" + run.id() + "-" + run.pass(),
        "Job " + run.job() + " is paused: its extract failed",
        message + ". Full batches are sent as usual; the rest of the run waits.",
        "Mend config/jobs/"
            + run.job()
            + " or the database, try ./caravan check, then ./caravan resume "
            + run.job());
  }

  private void notBegun(@Nullable Firing firing, Throwable failure) {
    if (firing != null && SqlFault.of(failure) == SqlFault.TRANSIENT) {
      untold.add(firing);
      LOG.warn(
          "The run of job {} due {} could not begin ({}); it begins when the database is back",
          firing.job(),
          firing.dueAt(),
          SqlFault.message(failure));
    }
  }

  /** Tells the ledger why a run broke off; false when that has to wait, too. */
  private boolean told(Run run, String message) {
    try {
      runs.broken(run.id(), message, retry.after(run.pass()));
      return true;
    } catch (RuntimeException away) {
      untold.add(new Firing(run.job(), run.dueAt()));
      LOG.warn(
          "Extract of run {} broke off ({}); it begins again when the ledger is back ({})",
          run.id(),
          message,
          SqlFault.message(away));
      return false;
    }
  }

  /**
   * Firings to begin again, of which the ledger has no run. Runs that broke off while it was away
   * are given up first: the lease of a living process never ends.
   */
  public List<Firing> unbegun() {
    List<Firing> unbegun = new ArrayList<>();
    for (Firing firing = untold.peek(); firing != null; firing = untold.peek()) {
      runs.giveUp(firing.job(), firing.dueAt());
      if (runs.find(firing.job(), firing.dueAt()).isEmpty()) {
        unbegun.add(firing);
      }
      untold.remove(firing);
    }
    return unbegun;
  }

  /** Routes wrap what their steps throw. */
  private static boolean causedBy(Class<? extends Throwable> kind, Throwable failure) {
    return ObjectHelper.getException(kind, failure) != null;
  }
}
