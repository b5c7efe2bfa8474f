package dev.caravan.load;

import dev.caravan.batch.Batch;
import dev.caravan.batch.Decision;
import dev.caravan.batch.Outcome;
import dev.caravan.batch.Reasons;
import dev.caravan.ledger.Outcomes;
import dev.caravan.ledger.Requests;
import dev.caravan.ledger.SqlFault;
import dev.caravan.settings.JobCatalog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.util.ObjectHelper;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.TransactionStatus;

/**
 * What happens inside the transaction of one chunk: the ledger first, then the load route on the
 * same connection; a bad row is found by savepoints and halving, and costs itself only.
 */
public final class LoadTransaction {
  private final Outcomes outcomes;
  private final Twins twins;
  private final JobCatalog jobs;
  private final ProducerTemplate producer;

  public LoadTransaction(
      Requests requests, Outcomes outcomes, JobCatalog jobs, ProducerTemplate producer) {
    this.outcomes = outcomes;
    this.twins = new Twins(requests, outcomes);
    this.jobs = jobs;
    this.producer = producer;
  }

  /** Books and loads a chunk; the decisions that changed the ledger. */
  List<Decision> apply(
      TransactionStatus tx, Batch batch, List<Decision> decisions, boolean reopen, Instant now) {
    if (reopen) {
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
    if (!accepted.isEmpty()) {
      loadOrReject(tx, batch, accepted, now);
    }
    twins.supersede(late);
    return changed;
  }

  private void loadOrReject(TransactionStatus tx, Batch batch, List<Decision> rows, Instant now) {
    Object before = tx.createSavepoint();
    try {
      send(batch, rows, now);
      tx.releaseSavepoint(before);
    } catch (NotLoaded e) {
      tx.rollbackToSavepoint(before);
      for (int place : e.places()) {
        outcomes.notLoaded(rows.get(place).request(), "not_loaded", String.valueOf(e.getMessage()));
      }
      again(tx, batch, without(rows, e.places()), now);
    } catch (RuntimeException e) {
      if (SqlFault.of(e) != SqlFault.DATA && !(e instanceof MissedRows)) {
        throw e;
      }
      tx.rollbackToSavepoint(before);
      halve(tx, batch, rows, now, SqlFault.reason(e));
    }
  }

  private void halve(
      TransactionStatus tx, Batch batch, List<Decision> rows, Instant now, String message) {
    if (rows.size() == 1) {
      outcomes.notLoaded(rows.get(0).request(), "load_failed", message);
      return;
    }
    loadOrReject(tx, batch, rows.subList(0, rows.size() / 2), now);
    loadOrReject(tx, batch, rows.subList(rows.size() / 2, rows.size()), now);
  }

  private void again(TransactionStatus tx, Batch batch, List<Decision> rows, Instant now) {
    if (!rows.isEmpty()) {
      loadOrReject(tx, batch, rows, now);
    }
  }

  /**
   * A fresh exchange, so that no header or variable can stand in for a missing parameter, marked
   * transacted, so that camel-sql does not commit and no step changes the thread.
   */
  private void send(Batch batch, List<Decision> rows, Instant now) {
    var zone = jobs.get(batch.job()).zone();
    List<Map<String, @Nullable Object>> body =
        rows.stream().map(row -> LoadRow.of(row, batch, zone, now)).toList();
    Exchange done =
        producer.send(
            "direct:" + batch.job() + "-load",
            exchange -> {
              exchange.getMessage().setBody(body);
              exchange.setVariable("job", batch.job());
              exchange.getExchangeExtension().setTransacted(true);
            });
    // an error that the route handled still means that rows may be missing
    Exception failure =
        done.getException() != null
            ? done.getException()
            : done.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
    // a route that splits the chunk wraps it
    NotLoaded missed = ObjectHelper.getException(NotLoaded.class, failure);
    if (missed != null) {
      throw placed(missed, body);
    }
    if (failure instanceof RuntimeException runtime) {
      throw runtime;
    }
    if (failure != null) {
      throw new IllegalStateException(Reasons.of(failure), failure);
    }
    checkCount(done, rows.size());
  }

  /** The route may have split or reordered the chunk: the answers tell which rows were missed. */
  private static RuntimeException placed(
      NotLoaded missed, List<Map<String, @Nullable Object>> body) {
    Set<Integer> places = new HashSet<>();
    for (Object answer : missed.answers()) {
      for (int i = 0; i < body.size(); i++) {
        if (body.get(i) == answer) {
          places.add(i);
        }
      }
    }
    if (body.size() == 1) {
      places.add(0);
    }
    return places.size() < missed.answers().size() || places.isEmpty()
        ? new MissedRows()
        : new NotLoaded(places, List.of(), String.valueOf(missed.getMessage()));
  }

  /** camel-sql's sum of update counts tells that a row was missed, though not which. */
  private static void checkCount(Exchange done, int size) {
    Integer count = done.getMessage().getHeader("CamelSqlUpdateCount", Integer.class);
    if (count != null && count >= 0 && count < size) {
      if (size == 1) {
        throw new NotLoaded(Set.of(0), List.of(), "the load route changed no row");
      }
      throw new MissedRows();
    }
  }

  private static List<Decision> without(List<Decision> rows, Set<Integer> places) {
    List<Decision> rest = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      if (!places.contains(i)) {
        rest.add(rows.get(i));
      }
    }
    return rest;
  }

  /** Some row of the chunk was missed: halving finds it. */
  private static final class MissedRows extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
