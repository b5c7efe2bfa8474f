package dev.caravan.ledger;

import dev.caravan.batch.Claim;
import dev.caravan.batch.Decision;
import dev.caravan.batch.Known;
import dev.caravan.batch.Outcome;
import dev.caravan.batch.Request;
import dev.caravan.batch.Run;
import dev.caravan.batch.Usage;
import dev.caravan.batch.Written;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table caravan_request: claims, request lines, outcomes. */
public final class Requests {
  private static final int MAX_DETAIL = 2000;

  private static final String SELECT =
      """
      select r.*, previous.cause as previous_cause
      from caravan_request r
      left join caravan_request previous
        on previous.job = r.job and previous.key_hash = r.key_hash
        and previous.submission = r.submission - 1
      where\s""";

  private final Ledger ledger;

  public Requests(Ledger ledger) {
    this.ledger = ledger;
  }

  // --- extract

  /** The newest request of each of these keys, by key_hash. */
  public Map<String, Known> known(String job, Collection<String> keyHashes) {
    if (keyHashes.isEmpty()) {
      return Map.of();
    }
    return ledger
        .sql(
            """
            select key_hash, row_hash, run_id, pass, submission, outcome
            from caravan_record where job = :job and key_hash in (:hashes)
            """)
        .param("job", job)
        .param("hashes", keyHashes)
        .query(
            (row, i) ->
                new Known(
                    row.getString("key_hash"),
                    row.getString("row_hash"),
                    row.getLong("run_id"),
                    row.getInt("pass"),
                    row.getInt("submission"),
                    row.getString("outcome")))
        .list()
        .stream()
        .collect(Collectors.toMap(Known::keyHash, Function.identity()));
  }

  /**
   * Opens a request for each claim, under the nonce of the batch being written.
   *
   * @throws org.springframework.dao.DuplicateKeyException when another process was faster with one
   *     of them: repeat the chunk
   */
  public void claim(Run run, String nonce, List<Claim> claims) {
    ledger.batch(
        """
        insert into caravan_request
          (nonce, n, run_id, pass, job, record_key, key_hash, row_hash, row_values,
           submission, attempt, custom_id, open_key)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        claims.stream()
            .map(
                c ->
                    new Object[] {
                      nonce,
                      c.n(),
                      run.id(),
                      run.pass(),
                      run.job(),
                      c.key().text(),
                      c.key().hash(),
                      c.rowHash(),
                      c.rowValues(),
                      c.submission(),
                      c.attempt(),
                      "",
                      Request.openKey(run.job(), c.key().hash())
                    })
            .toList());
  }

  /** Records claimed by an earlier pass of the same run, met again by this one. */
  public void seenAgain(Run run, Collection<String> keyHashes) {
    ledger.batch(
        "update caravan_request set pass = ? where run_id = ? and key_hash = ?",
        keyHashes.stream().map(hash -> new Object[] {run.pass(), run.id(), hash}).toList());
  }

  /** Request lines are in the spool: each open request moves to its batch. */
  public void written(List<Written> lines) {
    ledger.batch(
        """
        update caravan_request
        set nonce = ?, n = ?, custom_id = ?, model = ?, max_tokens = ?, schema_hash = ?,
            spool_offset = ?, spool_length = ?
        where open_key = ?
        """,
        lines.stream()
            .map(
                w ->
                    new Object[] {
                      w.nonce(),
                      w.n(),
                      w.customId(),
                      w.model(),
                      w.maxTokens(),
                      w.schemaHash(),
                      w.offset(),
                      w.length(),
                      w.openKey()
                    })
            .toList());
  }

  /** Closes an open request that was never sent. */
  public void reject(String openKey, String cause, String detail) {
    ledger
        .sql(
            """
            update caravan_request
            set outcome = 'rejected', cause = :cause, detail = :detail, open_key = null
            where open_key = :key
            """)
        .param("cause", cause)
        .param("detail", clipped(detail))
        .param("key", openKey)
        .update();
  }

  public int count(String nonce) {
    return ledger
        .sql("select count(*) from caravan_request where nonce = :nonce")
        .param("nonce", nonce)
        .query(Integer.class)
        .single();
  }

  /** Forgets the requests of a batch of which nothing was sent. */
  public void delete(String nonce) {
    ledger.sql("delete from caravan_request where nonce = :nonce").param("nonce", nonce).update();
  }

  // --- submit

  /** Every open request of a batch, by n. */
  public List<Request> open(String nonce) {
    return select("r.nonce = :nonce and r.outcome is null")
        .param("nonce", nonce)
        .query(Requests::map)
        .list();
  }

  /** Rejects the open request that stands at this place (from 0) of the batch's body. */
  public void rejectAt(String nonce, int index, String cause, String detail) {
    List<Request> body =
        select("r.nonce = :nonce").param("nonce", nonce).query(Requests::map).list().stream()
            .sorted(java.util.Comparator.comparing(Request::spoolOffset))
            .toList();
    if (index < body.size()) {
      Request bad = body.get(index);
      reject(Request.openKey(bad.job(), bad.keyHash()), cause, detail);
    }
  }

  /**
   * Closes every open request of a batch that brings no answers: sent again, or rejected when the
   * record has had {@code maxAttempts}.
   */
  public void close(String nonce, String cause, String detail, int maxAttempts) {
    ledger
        .sql(
            """
            update caravan_request
            set outcome = case when attempt >= :max then 'rejected' else 'retry' end,
                cause = :cause, detail = :detail, open_key = null
            where nonce = :nonce and outcome is null
            """)
        .param("max", maxAttempts)
        .param("cause", cause)
        .param("detail", clipped(detail))
        .param("nonce", nonce)
        .update();
  }

  // --- collect, load

  /** Requests of a batch by their n. */
  public Map<Integer, Request> byN(String nonce, Collection<Integer> ns) {
    if (ns.isEmpty()) {
      return Map.of();
    }
    return select("r.nonce = :nonce and r.n in (:ns)")
        .param("nonce", nonce)
        .param("ns", ns)
        .query(Requests::map)
        .list()
        .stream()
        .collect(Collectors.toMap(Request::n, Function.identity()));
  }

  /**
   * Writes outcomes with what they cost, each only where there is none yet; the decisions that
   * changed a row are those that may be loaded (R4, R6).
   */
  public List<Decision> decide(List<Decision> decisions, Instant answeredAt) {
    int[] counts =
        ledger.batch(
            """
            update caravan_request
            set outcome = ?, cause = ?, detail = ?, not_before = ?, model = coalesce(?, model),
                input_tokens = ?, cache_write_5m = ?, cache_write_1h = ?, cache_read = ?,
                output_tokens = ?, cost_usd = ?, list_usd = ?, result_offset = ?,
                result_length = ?, answered_at = ?, open_key = null
            where nonce = ? and n = ? and outcome is null
            """,
            decisions.stream().map(d -> columns(d, answeredAt)).toList());
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

  private static @Nullable Object[] columns(Decision d, Instant answeredAt) {
    Outcome outcome = d.outcome();
    Usage usage = d.usage();
    boolean line = d.offset() >= 0;
    return new @Nullable Object[] {
      outcome.text(),
      outcome instanceof Outcome.Retry retry
          ? retry.cause()
          : outcome instanceof Outcome.Rejected rejected ? rejected.cause() : null,
      outcome instanceof Outcome.Retry retry
          ? clipped(retry.detail())
          : outcome instanceof Outcome.Rejected rejected ? clipped(rejected.detail()) : null,
      Utc.of(d.notBefore()),
      d.model(),
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
        .param("detail", clipped(detail))
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
          and cause in ('load_failed', 'not_loaded')
        """,
        decisions.stream()
            .map(Decision::request)
            .map(r -> new Object[] {Request.openKey(r.job(), r.keyHash()), r.nonce(), r.n()})
            .toList());
  }

  // --- resend

  /** Records of a job waiting to be sent again now, of runs that are open. */
  public List<Request> toResend(String job, Instant now, int limit) {
    return select(
            """
            r.job = :job and r.outcome = 'retry'
              and (r.not_before is null or r.not_before <= :now)
              and not exists (
                select 1 from caravan_request newer
                where newer.job = r.job and newer.key_hash = r.key_hash
                  and newer.submission > r.submission)
              and exists (
                select 1 from caravan_run run where run.id = r.run_id and run.state = 'open')""")
        .param("job", job)
        .param("now", Utc.of(now))
        .query(Requests::map)
        .list()
        .stream()
        .limit(limit)
        .toList();
  }

  /** Jobs that have records waiting to be sent again now and are not paused. */
  public List<String> jobsToResend(Instant now) {
    return ledger
        .sql(
            """
            select distinct r.job from caravan_record r
            where r.outcome = 'retry' and (r.not_before is null or r.not_before <= :now)
              and exists (
                select 1 from caravan_run run where run.id = r.run_id and run.state = 'open')
              and r.job not in (select job from caravan_job where paused_at is not null)
            """)
        .param("now", Utc.of(now))
        .query(String.class)
        .list();
  }

  /** A request to send again, as number {@code n} of its new batch. */
  public record Again(Request old, int n, int attempt) {}

  /**
   * Opens the next submission of each record, under the nonce of the batch being written.
   *
   * @throws org.springframework.dao.DuplicateKeyException when another process did; none is opened
   */
  public void openAgain(String nonce, int pass, List<Again> again) {
    ledger.inTransaction(
        () ->
            ledger.batch(
                """
                insert into caravan_request
                  (nonce, n, run_id, pass, job, record_key, key_hash, row_hash, row_values,
                   submission, attempt, custom_id, open_key)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                again.stream()
                    .map(
                        a ->
                            new Object[] {
                              nonce,
                              a.n(),
                              a.old().runId(),
                              pass,
                              a.old().job(),
                              a.old().recordKey(),
                              a.old().keyHash(),
                              a.old().rowHash(),
                              a.old().rowValues(),
                              a.old().submission() + 1,
                              a.attempt(),
                              "",
                              Request.openKey(a.old().job(), a.old().keyHash())
                            })
                    .toList()));
  }

  /** A record waiting to be sent again that can't be: rejected, with what it lacks. */
  public void giveUp(Request request, String cause, String detail) {
    ledger
        .sql(
            """
            update caravan_request set outcome = 'rejected', cause = :cause, detail = :detail
            where nonce = :nonce and n = :n and outcome = 'retry'
            """)
        .param("cause", cause)
        .param("detail", clipped(detail))
        .param("nonce", request.nonce())
        .param("n", request.n())
        .update();
  }

  // --- reading

  /** Rejected records of a job, all or those of a key or cause. */
  public List<Request> rejected(String job, @Nullable String key, @Nullable String cause) {
    return select(
            """
            r.job = :job and r.outcome = 'rejected'
              and (cast(:key as char(400)) is null or r.record_key = :key)
              and (cast(:cause as char(100)) is null or r.cause = :cause)
              and not exists (
                select 1 from caravan_request newer
                where newer.job = r.job and newer.key_hash = r.key_hash
                  and newer.submission > r.submission)""")
        .param("job", job)
        .param("key", key, java.sql.Types.VARCHAR)
        .param("cause", cause, java.sql.Types.VARCHAR)
        .query(Requests::map)
        .list();
  }

  /** The newest request of a record, by its key as people write it. */
  public List<Request> history(String job, String recordKey) {
    return select("r.job = :job and r.record_key = :key")
        .param("job", job)
        .param("key", recordKey)
        .query(Requests::map)
        .list();
  }

  /** The newest submission of this request's record. */
  public Optional<Request> newest(Request request) {
    return select("r.job = :job and r.key_hash = :hash")
        .param("job", request.job())
        .param("hash", request.keyHash())
        .query(Requests::map)
        .list()
        .stream()
        .max(java.util.Comparator.comparingInt(Request::submission));
  }

  JdbcClient.StatementSpec select(String condition) {
    return ledger.sql(SELECT + condition + " order by r.nonce, r.n");
  }

  static @Nullable String clipped(@Nullable String text) {
    return text == null || text.length() <= MAX_DETAIL ? text : text.substring(0, MAX_DETAIL) + "…";
  }

  static Request map(ResultSet row, int index) throws SQLException {
    return new Request(
        row.getString("nonce"),
        row.getInt("n"),
        row.getLong("run_id"),
        row.getString("job"),
        row.getString("record_key"),
        row.getString("key_hash"),
        row.getString("row_hash"),
        row.getString("row_values"),
        row.getInt("submission"),
        row.getInt("attempt"),
        row.getString("custom_id"),
        row.getString("outcome"),
        row.getString("cause"),
        row.getString("detail"),
        row.getBoolean("superseded"),
        row.getString("model"),
        row.getInt("max_tokens"),
        row.getString("schema_hash"),
        row.getObject("spool_offset", Long.class),
        row.getInt("spool_length"),
        row.getObject("result_offset", Long.class),
        row.getInt("result_length"),
        row.getBigDecimal("cost_usd"),
        row.getString("previous_cause"));
  }
}
