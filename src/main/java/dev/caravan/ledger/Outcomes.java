package dev.caravan.ledger;

import static dev.caravan.ledger.Columns.bigint;
import static dev.caravan.ledger.Columns.integer;
import static dev.caravan.ledger.Columns.numeric;
import static dev.caravan.ledger.Columns.text;
import static dev.caravan.ledger.Columns.timestamp;

import dev.caravan.batch.Decision;
import dev.caravan.batch.Outcome;
import dev.caravan.batch.Request;
import dev.caravan.batch.Usage;
import java.time.Instant;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Outcomes in the table caravan_request, each written in one statement with what it cost, and only
 * where there is none yet: row locks decide when several processes collect.
 */
public final class Outcomes {
  /** Another request of the record was answered first. */
  public static final String SUPERSEDED = "superseded";

  private static final int MAX_WORD = 100;
  private static final int MAX_WHY = 200;

  private static final Columns BOOKED =
      Columns.of(
          text("outcome"),
          text("cause"),
          text("detail"),
          timestamp("not_before"),
          text("model"),
          bigint("input_tokens"),
          bigint("cache_write_5m"),
          bigint("cache_write_1h"),
          bigint("cache_read"),
          bigint("output_tokens"),
          bigint("thinking_tokens"),
          numeric("cost_usd"),
          numeric("list_usd"),
          text("unpriced"),
          bigint("result_offset"),
          integer("result_length"),
          timestamp("answered_at"));

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
            "r.outcome is null and r.superseded = false",
            d -> columns(d, Words.of(d.outcome()), answeredAt));
    Words superseded = new Words("completed", SUPERSEDED, null);
    changed(
        unchanged(decisions, changed),
        "r.outcome is null and r.superseded = true",
        d -> columns(d, superseded, answeredAt));
    return changed;
  }

  /** Those of the decisions that {@link #decide} did not give back. */
  public static List<Decision> unchanged(List<Decision> decisions, List<Decision> changed) {
    Set<Decision> done = Collections.newSetFromMap(new IdentityHashMap<>());
    done.addAll(changed);
    return decisions.stream().filter(d -> !done.contains(d)).toList();
  }

  private List<Decision> changed(
      List<Decision> decisions, String condition, Function<Decision, @Nullable Object[]> values) {
    return ledger.update(
        new RowUpdate("caravan_request", BOOKED, "open_key = null", Requests.KEY, condition),
        decisions,
        values);
  }

  private static @Nullable Object[] columns(Decision d, Words words, Instant answeredAt) {
    Usage usage = d.usage();
    boolean line = d.offset() >= 0;
    return new @Nullable Object[] {
      words.outcome(),
      Clipped.to(MAX_WORD, words.cause()),
      Requests.clipped(words.detail()),
      words.outcome().equals("retry") ? Utc.of(d.notBefore()) : null,
      Clipped.to(MAX_WORD, d.model() == null ? d.request().model() : d.model()),
      usage == null ? null : usage.inputTokens(),
      usage == null ? null : usage.cacheWrite5m(),
      usage == null ? null : usage.cacheWrite1h(),
      usage == null ? null : usage.cacheRead(),
      usage == null ? null : usage.outputTokens(),
      usage == null ? null : usage.thinkingTokens(),
      d.costUsd(),
      d.realTimeUsd(),
      Clipped.to(MAX_WHY, d.unpriced()),
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

  /** How many characters of an answer the target can't hold and were replaced (U+FFFD). */
  public void replaced(Request request, int characters) {
    ledger
        .sql("update caravan_request set replaced = :characters where nonce = :nonce and n = :n")
        .param("characters", characters)
        .param("nonce", request.nonce())
        .param("n", request.n())
        .update();
  }

  /** Whether more than this many answers of a run are loaded. */
  public boolean loadedMoreThan(int most, long runId) {
    return ledger
            .sql(
                """
                select nonce from caravan_request
                where run_id = :run and outcome = 'completed' and cause is null limit :most
                """)
            .param("run", runId)
            .param("most", most + 1)
            .query(String.class)
            .list()
            .size()
        > most;
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
            "r.result_offset is null and r.outcome is not null",
            late -> columns(late, words, answeredAt))
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
