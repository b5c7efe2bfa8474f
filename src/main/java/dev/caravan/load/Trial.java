package dev.caravan.load;

import dev.caravan.ledger.Ledger;
import dev.caravan.ledger.Outcomes;
import dev.caravan.ledger.SqlFault;
import dev.caravan.load.LoadRoute.MissedRows;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.camel.component.direct.DirectConsumerNotAvailableException;
import org.apache.camel.util.ObjectHelper;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.TransactionStatus;

/**
 * Loads the answers of one chunk behind savepoints. When it fails, trial tells whose fault it is:
 * where others pass, those that fail are rejected; where none passes, the failure is thrown.
 */
final class Trial {
  /** Rows tried one by one before a load.sql that is wrong for all is taken for that. */
  private static final int PROBES = 10;

  /** Each of these may take as long as a lock is waited for. */
  private static final int WAITING_PROBES = 3;

  private final TransactionStatus tx;
  private final Ledger ledger;
  private final LoadRoute route;
  private final Outcomes outcomes;
  private final String job;
  private final BooleanSupplier loadedBefore;
  private final boolean last;
  private boolean passed;
  private boolean failed;

  /**
   * {@code loadedBefore} says whether other records of the run were loaded in the same way; {@code
   * last} that the chunk is not repeated any more, so that a row that is waited for is named.
   */
  Trial(
      TransactionStatus tx,
      Ledger ledger,
      LoadRoute route,
      Outcomes outcomes,
      String job,
      BooleanSupplier loadedBefore,
      boolean last) {
    this.tx = tx;
    this.ledger = ledger;
    this.route = route;
    this.outcomes = outcomes;
    this.job = job;
    this.loadedBefore = loadedBefore;
    this.last = last;
  }

  /** Whether a row was loaded. */
  boolean passed() {
    return passed;
  }

  void load(List<LoadRow> rows) {
    if (rows.isEmpty()) {
      return;
    }
    RuntimeException failure = tried(rows);
    if (failure instanceof NotLoaded missed) {
      load(without(rows, missed));
    } else if (failure != null && rows.size() == 1) {
      alone(rows.get(0), failure);
    } else if (failure instanceof MissedRows || (failure != null && passed)) {
      load(rows.subList(0, rows.size() / 2));
      load(rows.subList(rows.size() / 2, rows.size()));
    } else if (failure != null) {
      probe(rows);
    }
  }

  /** What made these rows fail, all of them undone; null when they are loaded. */
  private @Nullable RuntimeException tried(List<LoadRow> rows) {
    Object before = tx.createSavepoint();
    try {
      if (failed) {
        ledger.deferConstraints(true);
      }
      route.send(job, rows);
      // a constraint that is checked at COMMIT would fail where no row can be told any more
      ledger.deferConstraints(false);
      tx.releaseSavepoint(before);
      passed = true;
      return null;
    } catch (RuntimeException e) {
      failed = true;
      if (nobodysFault(e)) {
        throw e;
      }
      undo(before, e);
      return e;
    }
  }

  private void undo(Object before, RuntimeException failure) {
    try {
      tx.rollbackToSavepoint(before);
    } catch (RuntimeException gone) {
      failure.addSuppressed(gone);
      throw failure;
    }
  }

  /** Failures that no other choice of rows would change. */
  private boolean nobodysFault(RuntimeException e) {
    boolean halted =
        ObjectHelper.getException(LoadHalted.class, e) != null
            || ObjectHelper.getException(RejectedExecutionException.class, e) != null
            || ObjectHelper.getException(DirectConsumerNotAvailableException.class, e) != null;
    boolean repeated = SqlFault.of(e) == SqlFault.TRANSIENT && !(last && SqlFault.waited(e));
    return halted || repeated;
  }

  /** One row: its fault where others passed, or where the database says that it is the values'. */
  private void alone(LoadRow row, RuntimeException failure) {
    boolean values = SqlFault.of(failure) == SqlFault.DATA;
    if (!passed && !values && (SqlFault.statement(failure) || !loadedBefore.getAsBoolean())) {
      throw failure;
    }
    reject(row, failure);
  }

  /** A few rows spread over the chunk, one by one, until one of them passes. */
  private void probe(List<LoadRow> rows) {
    Map<Integer, RuntimeException> failures = new LinkedHashMap<>();
    Set<Integer> probed = new HashSet<>();
    for (int place : spread(rows.size())) {
      probed.add(place);
      RuntimeException failure = tried(List.of(rows.get(place)));
      if (failure instanceof NotLoaded missed) {
        notLoaded(rows.get(place), missed);
      } else if (failure != null) {
        failures.put(place, failure);
      }
      if (passed || waited(failures.values())) {
        break;
      }
    }
    if (!passed && !failures.isEmpty() && !recordsAreAtFault(failures.values())) {
      throw failures.values().iterator().next();
    }
    failures.forEach((place, failure) -> reject(rows.get(place), failure));
    passed |= !failures.isEmpty();
    load(
        IntStream.range(0, rows.size())
            .filter(i -> !probed.contains(i))
            .mapToObj(rows::get)
            .toList());
  }

  private static boolean waited(Collection<RuntimeException> failures) {
    return failures.stream().filter(SqlFault::waited).count() >= WAITING_PROBES;
  }

  /** None passed here: what passed elsewhere in the run must have been loaded by the same SQL. */
  private boolean recordsAreAtFault(Collection<RuntimeException> failures) {
    return failures.stream().allMatch(e -> SqlFault.of(e) == SqlFault.DATA)
        && loadedBefore.getAsBoolean();
  }

  private static Set<Integer> spread(int size) {
    int count = Math.min(size, PROBES);
    Set<Integer> places = new TreeSet<>();
    IntStream.range(0, count)
        .map(i -> count == 1 ? 0 : (int) ((long) i * (size - 1) / (count - 1)))
        .forEach(places::add);
    return places;
  }

  private List<LoadRow> without(List<LoadRow> rows, NotLoaded missed) {
    List<LoadRow> rest = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      if (missed.places().contains(i)) {
        notLoaded(rows.get(i), missed);
      } else {
        rest.add(rows.get(i));
      }
    }
    return rest;
  }

  private void notLoaded(LoadRow row, NotLoaded missed) {
    outcomes.notLoaded(row.decision().request(), "not_loaded", String.valueOf(missed.getMessage()));
  }

  private void reject(LoadRow row, RuntimeException failure) {
    outcomes.notLoaded(row.decision().request(), "load_failed", SqlFault.reason(failure));
  }
}
