package dev.caravan.load;

import dev.caravan.batch.Batch;
import dev.caravan.batch.Decision;
import dev.caravan.batch.Outcome;
import dev.caravan.ledger.Ledger;
import dev.caravan.ledger.Outcomes;
import dev.caravan.ledger.Requests;
import dev.caravan.settings.Job;
import dev.caravan.settings.JobCatalog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.ProducerTemplate;
import org.springframework.transaction.TransactionStatus;

/**
 * What happens inside the transaction of one chunk: the ledger first, then the load route on the
 * same connection; a bad row is found by trial, and costs itself only.
 */
public final class LoadTransaction {
  private final Ledger ledger;
  private final Outcomes outcomes;
  private final Twins twins;
  private final JobCatalog jobs;
  private final LoadRoute route;

  /** By job, the newest SQL that loaded an answer in this process. */
  private final Map<String, Loaded> loaded = new ConcurrentHashMap<>();

  public LoadTransaction(
      Ledger ledger,
      Requests requests,
      Outcomes outcomes,
      JobCatalog jobs,
      ProducerTemplate producer) {
    this.ledger = ledger;
    this.outcomes = outcomes;
    this.twins = new Twins(requests, outcomes);
    this.jobs = jobs;
    this.route = new LoadRoute(producer);
  }

  /** A chunk to be loaded, and how: {@code last} when it is not repeated any more. */
  record Chunk(Batch batch, List<Decision> decisions, boolean reopen, boolean last) {}

  private record Loaded(long runId, String sql) {}

  /** Books and loads a chunk; the decisions that changed the ledger. */
  List<Decision> apply(TransactionStatus tx, Chunk chunk, Instant now) {
    Batch batch = chunk.batch();
    List<Decision> decisions = chunk.decisions();
    Map<Decision, LoadRow> rows = rows(chunk, now);
    if (chunk.reopen()) {
      outcomes.reopen(decisions);
    }
    List<Decision> changed = outcomes.decide(decisions, now);
    List<Decision> accepted =
        new ArrayList<>(
            changed.stream().filter(d -> d.outcome() instanceof Outcome.Completed).toList());
    List<Twins.Late> late = List.of();
    if (batch.lostAt() != null) {
      late = twins.book(Outcomes.unchanged(decisions, changed), now);
      late.forEach(answer -> accepted.add(answer.decision()));
    }
    load(tx, chunk, accepted.stream().map(d -> Objects.requireNonNull(rows.get(d))).toList());
    twins.supersede(late);
    return changed;
  }

  /** Before anything else of the transaction: the session gets the job's zone. */
  private Map<Decision, LoadRow> rows(Chunk chunk, Instant now) {
    var zone = jobs.get(chunk.batch().job()).zone();
    var vendor = ledger.vendor();
    Map<Decision, LoadRow> rows = new IdentityHashMap<>();
    chunk.decisions().stream()
        .filter(d -> d.outcome() instanceof Outcome.Completed)
        .forEach(d -> rows.put(d, LoadRow.of(d, chunk.batch(), now, vendor.holdsNul())));
    if (!rows.isEmpty()) {
      ledger.zone(zone, now);
      rows.values().forEach(row -> row.bind(at -> vendor.instant(at, zone, now)));
    }
    return rows;
  }

  private void load(TransactionStatus tx, Chunk chunk, List<LoadRow> rows) {
    List<LoadRow> loadable = new ArrayList<>();
    for (LoadRow row : rows) {
      if (row.fault() != null) {
        outcomes.notLoaded(row.decision().request(), "load_failed", row.fault());
      } else {
        loadable.add(row);
      }
    }
    Job job = jobs.get(chunk.batch().job());
    Trial trial =
        new Trial(
            tx,
            ledger,
            route,
            outcomes,
            job.name(),
            () -> chunk.reopen() || loadedBefore(chunk.batch(), job, rows.size()),
            chunk.last());
    trial.load(loadable);
    if (trial.passed()) {
      loaded.put(job.name(), new Loaded(chunk.batch().runId(), job.loadSql()));
    }
    loadable.stream()
        .filter(row -> row.replaced() > 0)
        .forEach(row -> outcomes.replaced(row.decision().request(), row.replaced()));
  }

  /** Whether others of this run were loaded, by the same SQL as far as this process knows. */
  private boolean loadedBefore(Batch batch, Job job, int ofThisChunk) {
    Loaded newest = loaded.get(job.name());
    return newest == null
        ? outcomes.loadedMoreThan(ofThisChunk, batch.runId())
        : newest.equals(new Loaded(batch.runId(), job.loadSql()));
  }
}
