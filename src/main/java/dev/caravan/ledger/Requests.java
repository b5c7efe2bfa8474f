package dev.caravan.ledger;

import static dev.caravan.ledger.Columns.bigint;
import static dev.caravan.ledger.Columns.integer;
import static dev.caravan.ledger.Columns.text;

import dev.caravan.batch.Claim;
import dev.caravan.batch.Known;
import dev.caravan.batch.Outcome;
import dev.caravan.batch.Refusal;
import dev.caravan.batch.Request;
import dev.caravan.batch.Run;
import dev.caravan.batch.Written;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
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

  private static final String COLUMNS =
      """
      select r.*,
             case when r.submission > 1 then (
               select previous.cause from caravan_request previous
               where previous.job = r.job and previous.key_hash = r.key_hash
                 and previous.submission = r.submission - 1) end as previous_cause
      """;

  static final Columns KEY = Columns.of(text("nonce"), integer("n"));

  private static final Columns CLAIM =
      KEY.and(
          Columns.of(
              bigint("run_id"),
              integer("pass"),
              text("job"),
              text("record_key"),
              text("key_hash"),
              text("row_hash"),
              text("row_values"),
              integer("submission"),
              integer("attempt"),
              text("prompt_version")));

  private static final Columns LINE =
      CLAIM.and(
          Columns.of(
              text("open_key"),
              text("custom_id"),
              text("model"),
              integer("max_tokens"),
              text("schema_hash"),
              bigint("spool_offset"),
              integer("spool_length")));

  private static final Columns REFUSED =
      CLAIM.and(Columns.of(text("custom_id"), text("outcome"), text("cause"), text("detail")));

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
        .sql(ledger.vendor().newestRequests())
        .param("job", job)
        .param("hashes", ledger.vendor().texts(keyHashes))
        .query(
            (row, i) ->
                new Known(
                    row.getString("key_hash"),
                    row.getString("row_hash"),
                    row.getLong("run_id"),
                    row.getInt("pass"),
                    row.getInt("submission"),
                    row.getString("outcome"),
                    Outcome.KEPT.contains(String.valueOf(row.getString("cause")))
                        && row.getObject("result_offset") != null,
                    row.getBigDecimal("cost_usd")))
        .list()
        .stream()
        .collect(Collectors.toMap(Known::keyHash, Function.identity()));
  }

  /** How many records of a job are completed or rejected. */
  public long finished(String job) {
    return ledger
        .sql(
            """
            select count(*) from caravan_record
            where job = :job and outcome in ('completed', 'rejected')
            """)
        .param("job", job)
        .query(Long.class)
        .single();
  }

  /** How many records a run has claimed, whatever became of them. */
  public int records(long runId) {
    return ledger
        .sql("select count(distinct key_hash) from caravan_request where run_id = :run")
        .param("run", runId)
        .query(Integer.class)
        .single();
  }

  /**
   * Opens a request for each line of a batch that is being written, all or none (R1).
   *
   * @throws org.springframework.dao.DuplicateKeyException when one of the records has an open
   *     request by now
   * @throws TakenOver when another process took the run over or dissolved the batch, because this
   *     one was held to be dead
   */
  public void open(Run run, List<Written> lines) {
    if (!lines.isEmpty()) {
      ledger.inTransaction(
          () -> {
            lockOurs(run, lines.get(0).nonce());
            lockWaiting(lines.stream().map(line -> line.claim().again()).toList());
            ledger.insert(
                "caravan_request", LINE, lines.stream().map(line -> columns(run, line)).toList());
          });
    }
  }

  /** First the run: a process that took it over must not meet requests of this one. */
  private void lockOurs(Run run, String nonce) {
    boolean ours =
        locked(
                "select id from caravan_run where id = :id and pass = :pass and state <> 'ended'"
                    + " for update",
                Map.of("id", run.id(), "pass", run.pass()))
            && locked(
                "select nonce from caravan_batch where nonce = :nonce and state = 'writing'"
                    + " for update",
                Map.of("nonce", nonce));
    if (!ours) {
      throw new TakenOver("Batch " + nonce + " was taken over while it was written");
    }
  }

  private boolean locked(String sql, Map<String, Object> params) {
    return !ledger.sql(sql).params(params).query().listOfRows().isEmpty();
  }

  /** A record that a twin has answered meanwhile waits no more, and its line must not be sent. */
  private void lockWaiting(List<@Nullable Request> again) {
    List<Object[]> old = new ArrayList<>();
    for (Request request : again) {
      if (request != null) {
        old.add(new Object[] {request.nonce(), request.n()});
      }
    }
    // an update that changes nothing locks the rows: a twin's collector waits, or was faster
    int[] counts =
        ledger.batch(
            "update caravan_request set outcome = 'retry'"
                + " where nonce = ? and n = ? and outcome = 'retry'",
            old);
    if (Arrays.stream(counts).anyMatch(count -> count != 1)) {
      throw new TakenOver("A record was answered or sent meanwhile: what still waits begins again");
    }
  }

  /** A line that is sent again was rendered when its first one was. */
  private static @Nullable String promptVersion(Run run, Claim claim) {
    Request again = claim.again();
    return again == null ? run.promptVersion() : again.promptVersion();
  }

  private static @Nullable Object[] columns(Run run, Written line) {
    Claim claim = line.claim();
    return new @Nullable Object[] {
      line.nonce(),
      claim.n(),
      run.id(),
      run.pass(),
      run.job(),
      claim.key().text(),
      claim.key().hash(),
      claim.rowHash(),
      claim.rowValues(),
      claim.submission(),
      claim.attempt(),
      promptVersion(run, claim),
      Request.openKey(run.job(), claim.key().hash()),
      line.customId(),
      line.model(),
      line.maxTokens(),
      line.schemaHash(),
      line.offset(),
      line.length()
    };
  }

  /** Records that can't be sent, rejected under a nonce that is never sent. */
  public void refuse(Run run, String nonce, List<Refusal> refusals) {
    ledger.insert(
        "caravan_request",
        REFUSED,
        refusals.stream()
            .map(
                refusal ->
                    new @Nullable Object[] {
                      nonce,
                      refusal.claim().n(),
                      run.id(),
                      run.pass(),
                      run.job(),
                      refusal.claim().key().text(),
                      refusal.claim().key().hash(),
                      refusal.claim().rowHash(),
                      refusal.claim().rowValues(),
                      refusal.claim().submission(),
                      refusal.claim().attempt(),
                      run.promptVersion(),
                      "",
                      "rejected",
                      refusal.cause(),
                      String.valueOf(clipped(refusal.detail()))
                    })
            .toList());
  }

  /** Records claimed by an earlier pass of the same run, met again by this one. */
  public void seenAgain(Run run, Collection<String> keyHashes) {
    ledger.batch(
        "update caravan_request set pass = ? where run_id = ? and key_hash = ?",
        keyHashes.stream().map(hash -> new Object[] {run.pass(), run.id(), hash}).toList());
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

  /**
   * Rejects the open request that stands at this place (from 0) of the batch's body; false when
   * there is none.
   */
  public boolean rejectAt(String nonce, int index, String cause, String detail) {
    List<Request> body =
        select("r.nonce = :nonce").param("nonce", nonce).query(Requests::map).list().stream()
            .sorted(java.util.Comparator.comparing(Request::spoolOffset))
            .toList();
    if (index >= body.size()) {
      return false;
    }
    Request bad = body.get(index);
    reject(Request.openKey(bad.job(), bad.keyHash()), cause, detail);
    return true;
  }

  /** Whether a twin has answered records whose request in this batch is still open. */
  public boolean hasSuperseded(String nonce) {
    return ledger
            .sql(
                """
                select count(*) from caravan_request
                where nonce = :nonce and coalesce(outcome, 'open') = 'open' and superseded = true
                """)
            .param("nonce", nonce)
            .query(Integer.class)
            .single()
        > 0;
  }

  /**
   * Closes every open request of a batch that brings no answers: sent again, or rejected when the
   * record has had {@code maxAttempts}; completed where a twin has answered the record. Not sent
   * before {@code notBefore}, null: at once.
   */
  public void close(
      String nonce, String cause, String detail, int maxAttempts, @Nullable Instant notBefore) {
    ledger
        .sql(
            """
            update caravan_request
            set outcome = case when superseded = true then 'completed'
                               when attempt >= :max then 'rejected' else 'retry' end,
                cause = case when superseded = true then 'superseded' else :cause end,
                detail = :detail, open_key = null, not_before = :notBefore
            where nonce = :nonce and outcome is null
            """)
        .param("notBefore", Utc.of(notBefore), java.sql.Types.TIMESTAMP)
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
    return ledger
        .sql(COLUMNS + ledger.vendor().requestsByN())
        .param("nonce", nonce)
        .param("ns", ledger.vendor().numbers(ns))
        .query(Requests::map)
        .list()
        .stream()
        .collect(Collectors.toMap(Request::n, Function.identity()));
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
                select 1 from caravan_run run where run.id = r.run_id and run.state = 'open')\
            """)
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
              and r.run_id in (select id from caravan_run where job = :job)
              and (cast(:key as char(400)) is null or r.record_key = :key)
              and (cast(:cause as char(100)) is null or r.cause = :cause)
              and not exists (
                select 1 from caravan_request newer
                where newer.job = r.job and newer.key_hash = r.key_hash
                  and newer.submission > r.submission)\
            """)
        .param("job", job)
        .param("key", key, java.sql.Types.VARCHAR)
        .param("cause", cause, java.sql.Types.VARCHAR)
        .query(Requests::map)
        .list();
  }

  /**
   * Every request of a record, by its key as people write it. Found by one of these hashes it takes
   * a moment; by the text alone, the whole ledger is read.
   */
  public List<Request> history(String job, String recordKey, Collection<String> keyHashes) {
    String condition = "r.job = :job and r.record_key = :key";
    List<Request> found =
        keyHashes.isEmpty()
            ? List.of()
            : select(condition + " and r.key_hash in (:hashes)")
                .param("job", job)
                .param("key", recordKey)
                .param("hashes", keyHashes)
                .query(Requests::map)
                .list();
    return found.isEmpty()
        ? select(condition).param("job", job).param("key", recordKey).query(Requests::map).list()
        : found;
  }

  /**
   * Locks the newest submission of a record until the transaction ends, if it is newer than this
   * one, which the caller has locked.
   */
  public Optional<Request> lockNewer(Request request) {
    for (Request last = request; ; ) {
      Request newest = newest(request).orElse(request);
      if (newest.submission() == last.submission()) {
        return newest.submission() > request.submission() ? Optional.of(newest) : Optional.empty();
      }
      lock(newest);
      // while it was waited for, it may have been sent again
      last = newest;
    }
  }

  /** Locks a request until the transaction ends, and reads it. */
  public Request lock(Request request) {
    ledger
        .sql("select n from caravan_request where nonce = :nonce and n = :n for update")
        .param("nonce", request.nonce())
        .param("n", request.n())
        .query(Integer.class)
        .single();
    return select("r.nonce = :nonce and r.n = :n")
        .param("nonce", request.nonce())
        .param("n", request.n())
        .query(Requests::map)
        .single();
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
    return ledger.sql(
        COLUMNS + "from caravan_request r where " + condition + " order by r.nonce, r.n");
  }

  static @Nullable String clipped(@Nullable String text) {
    return Clipped.to(MAX_DETAIL, text);
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
        row.getString("prompt_version"),
        row.getObject("spool_offset", Long.class),
        row.getInt("spool_length"),
        row.getObject("result_offset", Long.class),
        row.getInt("result_length"),
        row.getObject("thinking_tokens", Long.class),
        row.getBigDecimal("cost_usd"),
        row.getString("unpriced"),
        row.getString("previous_cause"));
  }
}
