package dev.caravan.ledger;

import static dev.caravan.batch.BatchState.CANCELING;
import static dev.caravan.batch.BatchState.DOUBT;
import static dev.caravan.batch.BatchState.ENDED;
import static dev.caravan.batch.BatchState.HELD;
import static dev.caravan.batch.BatchState.IN_PROGRESS;
import static dev.caravan.batch.BatchState.LOST;
import static dev.caravan.batch.BatchState.READY;
import static dev.caravan.batch.BatchState.REFUSED;
import static dev.caravan.batch.BatchState.SUBMITTING;
import static dev.caravan.batch.BatchState.WRITING;

import dev.caravan.batch.Batch;
import dev.caravan.batch.BatchState;
import dev.caravan.batch.MessageBatch;
import dev.caravan.batch.RequestCounts;
import dev.caravan.batch.Run;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;

/**
 * The table caravan_batch: every change of a batch's state, each only from the states it may
 * follow.
 */
public final class Batches {
  private final Ledger ledger;
  private final String owner;

  public Batches(Ledger ledger, String owner) {
    this.ledger = ledger;
    this.owner = owner;
  }

  // --- extract

  /** A new batch in {@code writing}, leased; {@code spool} is its folder under spool.dir. */
  public void open(String nonce, Run run, String spool) {
    Instant now = ledger.now();
    ledger
        .sql(
            """
            insert into caravan_batch (nonce, run_id, job, state, spool, opened_at, owner, lease_until)
            values (:nonce, :run, :job, 'writing', :spool, :now, :owner, :lease)
            """)
        .param("nonce", nonce)
        .param("run", run.id())
        .param("job", run.job())
        .param("spool", spool)
        .param("now", Utc.of(now))
        .param("owner", owner)
        .param("lease", Utc.of(now.plus(Leases.LENGTH)))
        .update();
  }

  /** The spool file is complete and on disk. */
  public boolean ready(String nonce, int requests, long bytes) {
    return change(
        nonce,
        List.of(WRITING),
        Change.to(READY).set("requests", requests).set("bytes", bytes).unleased());
  }

  /**
   * Nothing of the batch was ever accepted, and nothing of it will be sent under this nonce; false
   * when it has gone on meanwhile.
   */
  public boolean refused(
      String nonce, BatchState from, int requests, String cause, @Nullable String detail) {
    return change(
        nonce,
        List.of(from),
        Change.to(REFUSED)
            .set("requests", requests)
            .set("cause", cause)
            .set("detail", detail)
            .set("doubt_count", null)
            .unleased());
  }

  /** The batch, if it is still being written. */
  public Optional<Batch> writing(String nonce) {
    return query("nonce = :nonce and state = 'writing'")
        .param("nonce", nonce)
        .query(Batches::map)
        .optional();
  }

  /** Forgets a batch that is still being written, with its requests: nothing of it was sent. */
  public void dissolve(String nonce, Requests requests) {
    int gone =
        ledger
            .sql("delete from caravan_batch where nonce = :nonce and state = 'writing'")
            .param("nonce", nonce)
            .update();
    if (gone == 1) {
      requests.delete(nonce);
    }
  }

  public void delete(String nonce) {
    ledger.sql("delete from caravan_batch where nonce = :nonce").param("nonce", nonce).update();
  }

  /** Batches of a run that were being written. */
  public List<String> writing(long runId) {
    return ledger
        .sql("select nonce from caravan_batch where run_id = :run and state = 'writing'")
        .param("run", runId)
        .query(String.class)
        .list();
  }

  /**
   * Batches of finished runs that their writer left half-written (a resend, or a rewrite, that
   * died); nothing of them was sent.
   */
  public List<Batch> abandonedWriting() {
    return list(
        "state = 'writing' and (lease_until is null or lease_until < :now)"
            + " and run_id in (select id from caravan_run where state <> 'extracting')",
        ledger.now());
  }

  // --- submit

  /** Ready batches that may be posted now, oldest first; those of paused jobs wait. */
  public List<Batch> toSubmit(Instant now) {
    return list(
        "state = 'ready' and (next_look_at is null or next_look_at <= :now)"
            + " and job not in (select job from caravan_job where paused_at is not null)",
        now);
  }

  /** Requests of all jobs that the API has, or may have, and has not answered yet. */
  public long requestsAtApi() {
    return ledger
        .sql(
            """
            select coalesce(sum(requests), 0) from caravan_batch
            where state in ('submitting', 'doubt', 'in_progress', 'canceling')
              or state = 'held' and (cause is null or cause <> 'refused')
            """)
        .query(Long.class)
        .single();
  }

  /** Says why a ready batch is not posted though its time has come. */
  public void waitsForRoom(String nonce, String detail) {
    change(nonce, List.of(READY), new Change().set("cause", "queue_limit").set("detail", detail));
  }

  /**
   * Sets the intent to POST: false when the batch is no longer ready.
   *
   * @throws DuplicateKeyException when another batch of the same count is submitting or in doubt,
   *     which could not be told apart in the API's list
   */
  public boolean intend(Batch batch, Instant postBeganAt) {
    return change(
        batch.nonce(),
        List.of(READY),
        Change.to(SUBMITTING)
            .set("post_began_at", Utc.of(postBeganAt))
            .set("doubt_count", batch.requests())
            .set("cause", null)
            .set("detail", null)
            .leased(owner, ledger.now()));
  }

  /**
   * Proof that nothing was accepted: the batch waits for its next POST. {@code from} is ready for
   * one that was not posted, submitting for one whose POST was refused: what another process is
   * posting must not become ready under it.
   */
  public void backToReady(
      String nonce, BatchState from, Instant notBefore, String cause, @Nullable String detail) {
    change(
        nonce,
        List.of(from),
        Change.to(READY)
            .set("next_look_at", Utc.of(notBefore))
            .set("cause", cause)
            .set("detail", detail)
            .set("doubt_count", null)
            .unleased());
  }

  /** This process has not posted the batch, whether its intent was committed or not. */
  public void notPosted(String nonce, Instant notBefore) {
    ledger
        .sql(
            """
            update caravan_batch
            set state = 'ready', doubt_count = null, owner = null, lease_until = null,
                next_look_at = :next
            where nonce = :nonce and state = 'submitting' and owner = :owner
            """)
        .param("next", Utc.of(notBefore))
        .param("nonce", nonce)
        .param("owner", owner)
        .update();
  }

  /** The batch is known to the API by this id. */
  public boolean accepted(
      String nonce, MessageBatch message, @Nullable String workspace, Instant nextLook) {
    return change(
        nonce,
        List.of(SUBMITTING, DOUBT, HELD, LOST),
        Change.to(IN_PROGRESS)
            .set("msgbatch_id", message.id())
            .set("workspace_id", workspace)
            .set("created_at", Utc.of(message.createdAt()))
            .set("expires_at", Utc.of(message.expiresAt()))
            .set("doubt_count", null)
            .set("missing_since", null)
            .set("cause", null)
            .set("detail", null)
            .set("next_look_at", Utc.of(nextLook))
            .set("looks", 0)
            .unleased());
  }

  /** Whether the POST arrived is not known. */
  public boolean doubt(String nonce, Instant beganAt, Instant firstLook, String detail) {
    return change(
        nonce,
        List.of(SUBMITTING),
        Change.to(DOUBT)
            .set("doubt_began_at", Utc.of(beganAt))
            .set("doubt_looks", 0)
            .set("next_look_at", Utc.of(firstLook))
            .set("detail", detail)
            .unleased());
  }

  /** Batches whose POST can't be running any more, though nobody saw it end. */
  public List<Batch> abandonedPosts(Duration createTimeout) {
    return list("state = 'submitting' and lease_until < :now", ledger.now().minus(createTimeout));
  }

  /** Batches in doubt (also held ones that are still followed) whose next look is due. */
  public List<Batch> doubtful(Instant now) {
    return list(
        "state in ('doubt', 'held') and msgbatch_id is null and doubt_began_at is not null"
            + " and next_look_at <= :now",
        now);
  }

  /** Lost batches still looked for: a twin may turn up within 26 h. */
  public List<Batch> lost(Instant now) {
    return list("state = 'lost' and next_look_at <= :now", now);
  }

  /** A look at the list was complete; {@code next} is null after the last one of a lost batch. */
  public void lookedInDoubt(String nonce, int looks, @Nullable Instant next) {
    change(
        nonce,
        List.of(DOUBT, HELD, LOST),
        new Change().set("doubt_looks", looks).set("next_look_at", Utc.of(next)));
  }

  /** A person must decide; until then it keeps no other batch of its size waiting. */
  public boolean held(String nonce, String cause, @Nullable String detail) {
    return change(
        nonce,
        List.of(DOUBT, SUBMITTING, IN_PROGRESS, CANCELING),
        Change.to(HELD)
            .set("cause", cause)
            .set("detail", detail)
            .set("doubt_count", null)
            .unleased());
  }

  /** Refused with proof, for a reason that sending again would not change: a person must decide. */
  public boolean heldRefused(String nonce, @Nullable String detail) {
    return change(
        nonce,
        List.of(SUBMITTING),
        Change.to(HELD)
            .set("cause", "refused")
            .set("detail", detail)
            .set("doubt_count", null)
            .unleased());
  }

  /**
   * Every look found nothing: its records go under a new nonce; a twin is looked for until then.
   */
  public boolean lost(String nonce, Instant now, Instant nextLook) {
    return change(
        nonce,
        List.of(DOUBT, HELD),
        Change.to(LOST)
            .set("lost_at", Utc.of(now))
            .set("next_look_at", Utc.of(nextLook))
            .set("doubt_count", null)
            .unleased());
  }

  // --- poll

  /** Running batches whose next look is due. */
  public List<Batch> toPoll(Instant now) {
    return list("state in ('in_progress', 'canceling') and next_look_at <= :now", now);
  }

  /** Running batches of a job, whether due or not. */
  public List<Batch> running(String job) {
    return query("state in ('in_progress', 'canceling') and job = :job")
        .param("job", job)
        .query(Batches::map)
        .list();
  }

  /** What a look at the API showed. */
  public void looked(Batch batch, MessageBatch message, Instant next) {
    RequestCounts counts = message.requestCounts();
    BatchState state =
        message.ended() ? ENDED : message.cancelInitiatedAt() != null ? CANCELING : IN_PROGRESS;
    change(
        batch.nonce(),
        List.of(IN_PROGRESS, CANCELING),
        Change.to(state)
            .set("processing", counts.processing())
            .set("succeeded", counts.succeeded())
            .set("errored", counts.errored())
            .set("canceled", counts.canceled())
            .set("expired", counts.expired())
            .set("created_at", Utc.of(message.createdAt()))
            .set("expires_at", Utc.of(message.expiresAt()))
            .set("ended_at", Utc.of(message.endedAt()))
            .set("missing_since", null)
            .set("next_look_at", message.ended() ? null : Utc.of(next))
            .set("looks", batch.looks() + 1));
  }

  /** A look that told nothing: only the time of the next one changes. */
  public void lookAgain(String nonce, Instant next, @Nullable Instant missingSince) {
    change(
        nonce,
        List.of(IN_PROGRESS, CANCELING),
        new Change().set("next_look_at", Utc.of(next)).set("missing_since", Utc.of(missingSince)));
  }

  public void alerted(String nonce, Instant now) {
    change(nonce, List.of(IN_PROGRESS, CANCELING), new Change().set("alerted_at", Utc.of(now)));
  }

  /** Why a cancel was asked for: {@code deadline}, {@code person} or {@code drop}. */
  public boolean cancelAsked(String nonce, String cause) {
    return change(nonce, List.of(IN_PROGRESS, CANCELING), new Change().set("cancel_cause", cause));
  }

  // --- collect

  /** Ended batches that may be collected now, oldest first. */
  public List<Batch> toCollect(Instant now) {
    return list("state = 'ended' and (next_look_at is null or next_look_at <= :now)", now);
  }

  /** Leases an ended batch to this process; false while another one collects it. */
  public boolean lease(String nonce) {
    Instant now = ledger.now();
    return ledger
            .sql(
                """
                update caravan_batch set owner = :owner, lease_until = :until
                where nonce = :nonce and state = 'ended'
                  and (lease_until is null or lease_until < :now or owner = :owner)
                """)
            .param("owner", owner)
            .param("until", Utc.of(now.plus(Leases.LENGTH)))
            .param("nonce", nonce)
            .param("now", Utc.of(now))
            .update()
        == 1;
  }

  public void downloaded(String nonce, int downloads, Instant firstAt) {
    change(
        nonce,
        List.of(ENDED),
        new Change().set("downloads", downloads).set("downloaded_at", Utc.of(firstAt)));
  }

  /** Gives an ended batch back, to be collected from {@code next} on. */
  public void collectLater(String nonce, Instant next, @Nullable String detail) {
    change(
        nonce,
        List.of(ENDED),
        new Change().set("next_look_at", Utc.of(next)).set("detail", detail).unleased());
  }

  /** Every request of the batch has an outcome. */
  public boolean collected(String nonce, Instant now, int strayLines) {
    return change(
        nonce,
        List.of(ENDED),
        Change.to(BatchState.COLLECTED)
            .set("collected_at", Utc.of(now))
            .set("stray_lines", strayLines)
            .set("detail", null)
            .unleased());
  }

  /** The counts of a batch that ended unseen (a candidate or twin that proved to be ours). */
  public boolean foundEnded(String nonce, MessageBatch message, @Nullable String workspace) {
    return accepted(nonce, message, workspace, message.createdAt()) && endedNow(nonce, message);
  }

  private boolean endedNow(String nonce, MessageBatch message) {
    looked(get(nonce), message, message.createdAt());
    return true;
  }

  /** Ended or held batches created before {@code before} that the API has and we have not. */
  public List<Batch> uncollectedSince(Instant before) {
    return list(
        "state in ('ended', 'held') and msgbatch_id is not null and created_at <= :now", before);
  }

  /** Collected batches that may be deleted at the API now. */
  public List<Batch> toDelete(Instant now) {
    return list(
        "state = 'collected' and msgbatch_id is not null and deleted_at is null"
            + " and (next_look_at is null or next_look_at <= :now)",
        now);
  }

  /** The API no longer has a collected batch. */
  public void deleted(String nonce, Instant now) {
    change(nonce, List.of(BatchState.COLLECTED), new Change().set("deleted_at", Utc.of(now)));
  }

  /** The API could not delete a collected batch; it is asked again from {@code next} on. */
  public void deleteLater(String nonce, Instant next) {
    change(nonce, List.of(BatchState.COLLECTED), new Change().set("next_look_at", Utc.of(next)));
  }

  /** What of a job waits for a later time is due now. */
  public void dueNow(String job) {
    ledger
        .sql(
            """
            update caravan_batch set next_look_at = null
            where job = :job and state in ('ready', 'ended')
            """)
        .param("job", job)
        .update();
  }

  // --- reading

  public Batch get(String nonce) {
    return query("nonce = :nonce").param("nonce", nonce).query(Batches::map).single();
  }

  /** The batch with this msgbatch id. */
  public Optional<Batch> byMessageBatch(String msgbatchId) {
    return query("msgbatch_id = :id").param("id", msgbatchId).query(Batches::map).optional();
  }

  /** Batches whose nonce or msgbatch id is, or begins with, this text. */
  public List<Batch> like(String prefix) {
    String pattern = prefix.replaceAll("[%_!]", "!$0") + "%";
    return query("nonce like :pattern escape '!' or msgbatch_id like :pattern escape '!'")
        .param("pattern", pattern)
        .query(Batches::map)
        .list();
  }

  public List<Batch> ofRun(long runId) {
    return query("run_id = :run").param("run", runId).query(Batches::map).list();
  }

  /** Batches in a state, oldest first. */
  public List<Batch> in(BatchState... states) {
    return query("state in (:states)")
        .param("states", Arrays.stream(states).map(BatchState::text).toList())
        .query(Batches::map)
        .list();
  }

  private List<Batch> list(String condition, Instant now) {
    return query(condition).param("now", Utc.of(now)).query(Batches::map).list();
  }

  private org.springframework.jdbc.core.simple.JdbcClient.StatementSpec query(String condition) {
    return ledger.sql(
        "select * from caravan_batch where " + condition + " order by opened_at, nonce");
  }

  private boolean change(String nonce, List<BatchState> from, Change change) {
    return ledger
            .sql(
                "update caravan_batch set "
                    + change.assignments()
                    + " where nonce = :nonce and state in (:from)")
            .params(change.values())
            .param("nonce", nonce)
            .param("from", from.stream().map(BatchState::text).toList())
            .update()
        == 1;
  }

  private static Batch map(ResultSet row, int index) throws SQLException {
    return new Batch(
        row.getString("nonce"),
        row.getLong("run_id"),
        row.getString("job"),
        row.getString("msgbatch_id"),
        BatchState.of(row.getString("state")),
        row.getString("cause"),
        row.getString("detail"),
        row.getInt("requests"),
        row.getLong("bytes"),
        row.getString("spool"),
        row.getString("workspace_id"),
        Utc.get(row, "post_began_at"),
        Utc.get(row, "doubt_began_at"),
        row.getInt("doubt_looks"),
        Utc.get(row, "created_at"),
        Utc.get(row, "expires_at"),
        Utc.get(row, "ended_at"),
        Utc.get(row, "collected_at"),
        Utc.get(row, "alerted_at"),
        Utc.get(row, "lost_at"),
        Utc.get(row, "missing_since"),
        Utc.get(row, "next_look_at"),
        row.getInt("looks"),
        row.getInt("downloads"),
        Utc.get(row, "downloaded_at"),
        row.getString("cancel_cause"),
        new RequestCounts(
            row.getInt("processing"),
            row.getInt("succeeded"),
            row.getInt("errored"),
            row.getInt("canceled"),
            row.getInt("expired")));
  }
}
