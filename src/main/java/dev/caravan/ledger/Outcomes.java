package dev.caravan.ledger;

import dev.caravan.batch.Decision;
import dev.caravan.batch.Outcome;
import dev.caravan.batch.Request;
import dev.caravan.batch.Usage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Outcomes in the table caravan_request, each written in one statement with what it cost, and only
 * where there is none yet: row locks decide when several processes collect.
 */
public final class Outcomes {
  /** Another request of the record was answered first. */
  public static final String SUPERSEDED = "superseded";

  private static final int MAX_WORD = 100;
  private static final String BOOK =
      """
      update caravan_request
      set outcome = ?, cause = ?, detail = ?, not_before = ?, model = coalesce(?, model),
          input_tokens = ?, cache_write_5m = ?, cache_write_1h = ?, cache_read = ?,
          output_tokens = ?, cost_usd = ?, list_usd = ?, result_offset = ?,
          result_length = ?, answered_at = ?, open_key = null
      where nonce = ? and n = ? and\s""";

  private final Ledger ledger;

  public Outcomes(Ledger ledger) {
    this.ledger = ledger;
  }

  /** The words of an outcome that the ledger keeps. */
  private record Words(String outcome, @Nullable String cause, @Nullable String detail) {
    static Words of(Outcome outcome) {
      if (outcome instanceof Outcome.Retry retry) {
        return new Words(retry.text(), retry.cause(), retry.detail());
      }
      return outcome instanceof Outcome.Rejected rejected
          ? new Words(rejected.text(), rejected.cause(), rejected.detail())
          : new Words(outcome.text(), null, null);
    }
  }

  /**
   * Writes outcomes with what they cost, each only where there is none yet; the decisions that
   * changed a row are those that may be loaded (R4, R6). A request whose record a twin has answered
   * is completed without them: only its cost is booked.
   */
  public List<Decision> decide(List<Decision> decisions, Instant answeredAt) {
    List<Decision> changed =
        changed(
            decisions,
            BOOK + "outcome is null and superseded = false",
            decisions.stream().map(d -> columns(d, Words.of(d.outcome()), answeredAt)));
    Words superseded = new Words("completed", SUPERSEDED, null);
    List<Decision> rest = unchanged(decisions, changed);
    changed(
        rest,
        BOOK + "outcome is null and superseded = true",
        rest.stream().map(d -> columns(d, superseded, answeredAt)));
    return changed;
  }

  /** Those of the decisions that {@link #decide} did not give back. */
  public static List<Decision> unchanged(List<Decision> decisions, List<Decision> changed) {
    Set<Decision> done = Collections.newSetFromMap(new IdentityHashMap<>());
    done.addAll(changed);
    return decisions.stream().filter(d -> !done.contains(d)).toList();
  }

  private List<Decision> changed(
      List<Decision> decisions, String sql, Stream<@Nullable Object[]> rows) {
    int[] counts = ledger.batch(sql, rows.toList());
    List<Decision> changed = new ArrayList<>();
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] < 0) {
        throw new IllegalStateException("The database gives no update counts: R4 can't hold");
      }
      if (counts[i] == 1) {
        changed.add(decisions.get(i));
      }
    }
    return changed;
  }

  private static @Nullable Object[] columns(Decision d, Words words, Instant answeredAt) {
    Usage usage = d.usage();
    boolean line = d.offset() >= 0;
    return new @Nullable Object[] {
      words.outcome(),
      Clipped.to(MAX_WORD, words.cause()),
      Requests.clipped(words.detail()),
      words.outcome().equals("retry") ? Utc.of(d.notBefore()) : null,
      Clipped.to(MAX_WORD, d.model()),
      usage == null ? null : usage.inputTokens(),
      usage == null ? null : usage.cacheWrite5m(),
      usage == null ? null : usage.cacheWrite1h(),
      usage == null ? null : usage.cacheRead(),
      usage == null ? null : usage.outputTokens(),
      d.costUsd(),
      d.realTimeUsd(),
      line ? d.offset() : null,
      line ? d.length() : null,
      line ? Utc.of(answeredAt) : null,
      d.request().nonce(),
      d.request().n()
    };
  }

  /**
   * An answer that could not be loaded: rejected, in the transaction that booked it; it is kept.
   */
  public void notLoaded(Request request, String cause, String detail) {
    ledger
        .sql(
            """
            update caravan_request set outcome = 'rejected', cause = :cause, detail = :detail
            where nonce = :nonce and n = :n and outcome = 'completed'
            """)
        .param("cause", cause)
        .param("detail", Requests.clipped(detail))
        .param("nonce", request.nonce())
        .param("n", request.n())
        .update();
  }

  /** Answers that could not be loaded are open again, inside the transaction that loads them. */
  public void reopen(List<Decision> decisions) {
    ledger.batch(
        """
        update caravan_request set outcome = null, open_key = ?
        where nonce = ? and n = ? and outcome = 'rejected'
          and cause in (%s)
        """
            .formatted("'" + String.join("', '", Outcome.KEPT) + "'"),
        decisions.stream()
            .map(Decision::request)
            .map(r -> new Object[] {Request.openKey(r.job(), r.keyHash()), r.nonce(), r.n()})
            .toList());
  }

  // --- twins: a line for a request that was closed without one

  /** Writes the outcome of a line that came after its request was closed; false when booked. */
  public boolean bookLate(Decision d, Instant answeredAt) {
    return bookLate(d, Words.of(d.outcome()), answeredAt);
  }

  /** Books what a line cost that is of no use any more. */
  public void bookCost(Decision d, String outcome, @Nullable String cause, Instant answeredAt) {
    bookLate(d, new Words(outcome, cause, null), answeredAt);
  }

  private boolean bookLate(Decision d, Words words, Instant answeredAt) {
    return !changed(
            List.of(d),
            BOOK + "result_offset is null and outcome is not null",
            Stream.<@Nullable Object[]>of(columns(d, words, answeredAt)))
        .isEmpty();
  }

  /**
   * This request of an answered record is not needed: open, its line will only be booked; closed
   * without an answer, it wants none any more.
   */
  public void supersede(Request request) {
    ledger
        .sql(
            """
            update caravan_request set superseded = true
            where nonce = :nonce and n = :n and outcome is null
            """)
        .param("nonce", request.nonce())
        .param("n", request.n())
        .update();
    ledger
        .sql(
            """
            update caravan_request
            set superseded = true, outcome = 'completed', cause = :cause, not_before = null
            where nonce = :nonce and n = :n and outcome in ('retry', 'rejected')
            """)
        .param("cause", SUPERSEDED)
        .param("nonce", request.nonce())
        .param("n", request.n())
        .update();
  }
}
