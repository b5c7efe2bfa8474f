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
import dev.caravan.batch.Unaccepted;
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
  /** A batch expires 24 h after it was created, which may be a little later than its POST. */
  private static final Duration OUTLIVED = Duration.ofHours(26);

  private final Ledger ledger;
  private final BatchRows rows;
  private final HeldBatches held;
  private final String owner;

  public Batches(Ledger ledger, String owner) {
    this.ledger = ledger;
    this.rows = new BatchRows(ledger);
    this.held = new HeldBatches(rows);
    this.owner = owner;
  }

  /** Those that wait for a person. */
  public HeldBatches held() {
    return held;
  }

  // --- extract

  /** The same, of records that the API was not asked to take before. */
  public void open(String nonce, Run run, String spool) {
    open(nonce, run, spool, Unaccepted.NONE);
  }

  /** A new batch in {@code writing}, leased; {@code spool} is its folder under spool.dir. */
  public void open(String nonce, Run run, String spool, Unaccepted before) {
    Instant now = ledger.now();
    ledger
        .sql(
            """
            insert into caravan_batch
              (nonce, run_id, job, state, spool, opened_at, owner, lease_until, unaccepted, alike)
            values (:nonce, :run, :job, 'writing', :spool, :now, :owner, :lease, :posts, :alike)
            """)
        .param("nonce", nonce)
        .param("run", run.id())
        .param("job", run.job())
        .param("spool", spool)
        .param("now", Utc.of(now))
        .param("owner", owner)
        .param("lease", Utc.of(now.plus(Leases.LENGTH)))
        .param("posts", before.posts())
        .param("alike", before.alike())
        .update();
  }

  /** The spool file is complete and on disk. */
  public boolean ready(String nonce, int requests, long bytes) {
    return rows.change(
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
    return refused(nonce, from, requests, Change.to(REFUSED), cause, detail);
  }

  /** The same, of a batch whose refusals are counted. */
  public boolean refused(
      Batch batch, BatchState from, Unaccepted unaccepted, String cause, @Nullable String detail) {
    Change counted = unaccepted(unaccepted).set("state", REFUSED.text());
    return refused(batch.nonce(), from, batch.requests(), counted, cause, detail);
  }

  private boolean refused(
      String nonce,
      BatchState from,
      int requests,
      Change change,
      String cause,
      @Nullable String detail) {
    return rows.change(
        nonce,
        List.of(from),
        change
            .set("requests", requests)
            .set("cause", cause)
            .set("detail", detail)
            .set("doubt_count", null)
            .unleased());
  }

  /** The batch, if it is still being written. */
  public Optional<Batch> writing(String nonce) {
    return rows.query("nonce = :nonce and state = 'writing'")
        .param("nonce", nonce)
        .query(BatchRows::map)
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
    return rows.list(
        "state = 'writing' and (lease_until is null or lease_until < :now)"
            + " and run_id in (select id from caravan_run where state <> 'extracting')",
        ledger.now());
  }

  // --- submit

  /** Ready batches that may be posted now, oldest first; those of paused jobs wait. */
  public List<Batch> toSubmit(Instant now) {
    return rows.list(
        "state = 'ready' and (next_look_at is null or next_look_at <= :now)"
            + " and job not in (select job from caravan_job where paused_at is not null)",
        now);
  }

  /**
   * Requests of all jobs that the API has, or may have, and has not answered yet; one that is held
   * counts while it can still be running.
   */
  public long requestsAtApi(Instant now) {
    return ledger
        .sql(
            """
            select coalesce(sum(requests), 0) from caravan_batch
            where state in ('submitting', 'doubt', 'in_progress', 'canceling')
              or state = 'held' and (cause is null or cause <> 'refused') and ended_at is null
                and coalesce(post_began_at, opened_at) > :since
            """)
        .param("since", Utc.of(now.minus(OUTLIVED)))
        .query(Long.class)
        .single();
  }

  /** Says why a ready batch is not posted though its time has come. */
  public void waitsForRoom(String nonce, String detail) {
    rows.change(
        nonce, List.of(READY), new Change().set("cause", "queue_limit").set("detail", detail));
  }

  /**
   * Sets the intent to POST: false when the batch is no longer ready.
   *
   * @throws DuplicateKeyException when another batch of the same count is submitting or in doubt,
   *     which could not be told apart in the API's list
   */
  public boolean intend(Batch batch, Instant postBeganAt) {
    return rows.change(
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
      Batch batch,
      BatchState from,
      Unaccepted unaccepted,
      Instant notBefore,
      String cause,
      @Nullable String detail) {
    rows.change(
        batch.nonce(),
        List.of(from),
        unaccepted(unaccepted)
            .set("state", READY.text())
            .set("next_look_at", Utc.of(notBefore))
            .set("cause", cause)
            .set("detail", detail)
            .set("doubt_count", null)
            .unleased());
  }

  private static Change unaccepted(Unaccepted unaccepted) {
    return new Change().set("unaccepted", unaccepted.posts()).set("alike", unaccepted.alike());
  }

  /** What of the same run was refused because of one request: what the API said of it. */
  public List<String> refusals(long runId) {
    return ledger
        .sql(
            """
            select detail from caravan_batch
            where run_id = :run and state = 'refused' and cause = 'refused' and detail is not null
            """)
        .param("run", runId)
        .query(String.class)
        .list();
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

  /** The batch is known to the API by this id; its job waits for no acceptance any more. */
  public boolean accepted(
      String nonce, MessageBatch message, @Nullable String workspace, Instant nextLook) {
    boolean accepted =
        rows.change(
            nonce,
            List.of(SUBMITTING, DOUBT, HELD, LOST),
            accepted(message, workspace, nextLook).unleased());
    if (accepted) {
      ledger
          .sql(
              """
              update caravan_job
              set unaccepted_since = null, unaccepted_detail = null, unaccepted_alerted_at = null
              where unaccepted_since is not null
                and job = (select job from caravan_batch where nonce = :nonce)
              """)
          .param("nonce", nonce)
          .update();
    }
    return accepted;
  }

  private static Change accepted(
      MessageBatch message, @Nullable String workspace, Instant nextLook) {
    return unaccepted(Unaccepted.NONE)
        .set("state", IN_PROGRESS.text())
        .set("msgbatch_id", message.id())
        .set("workspace_id", workspace)
        .set("created_at", Utc.of(message.createdAt()))
        .set("expires_at", Utc.of(message.expiresAt()))
        .set("doubt_count", null)
        .set("missing_since", null)
        .set("cause", null)
        .set("detail", null)
        .set("next_look_at", Utc.of(nextLook))
        .set("looks", 0);
  }

  /** Whether the POST arrived is not known. */
  public boolean doubt(String nonce, Instant beganAt, Instant firstLook, String detail) {
    return rows.change(
        nonce,
        List.of(SUBMITTING),
        Change.to(DOUBT)
            .set("doubt_began_at", Utc.of(beganAt))
            .set("doubt_looks", 0)
            .set("looked_at", null)
            .set("next_look_at", Utc.of(firstLook))
            .set("detail", detail)
            .unleased());
  }

  /** Batches whose POST can't be running any more, though nobody saw it end. */
  public List<Batch> abandonedPosts(Duration createTimeout) {
    return rows.list(
        "state = 'submitting' and lease_until < :now", ledger.now().minus(createTimeout));
  }

  /** Batches in doubt (also held ones that are still followed) whose next look is due. */
  public List<Batch> doubtful(Instant now) {
    return rows.list(
        "state in ('doubt', 'held') and msgbatch_id is null and doubt_began_at is not null"
            + " and next_look_at <= :now",
        now);
  }

  /** Lost batches still looked for: a twin may turn up within 26 h. */
  public List<Batch> lost(Instant now) {
    return rows.list("state = 'lost' and next_look_at <= :now", now);
  }

  /** A look at the list is over; {@code next} is null after the last one. */
  public void lookedInDoubt(String nonce, @Nullable Instant next) {
    rows.change(nonce, List.of(DOUBT, HELD, LOST), new Change().set("next_look_at", Utc.of(next)));
  }

  /** A look at the list counted, at this time of the API's clock. */
  public void lookCounted(String nonce, int looks, Instant apiNow) {
    rows.change(
        nonce,
        List.of(DOUBT, HELD),
        new Change().set("doubt_looks", looks).set("looked_at", Utc.of(apiNow)));
  }

  /**
   * Every look found nothing: its records go under a new nonce; a twin is looked for until then.
   */
  public boolean lost(Batch batch, Instant now, Instant nextLook) {
    return rows.change(
        batch.nonce(),
        List.of(DOUBT, HELD),
        unaccepted(batch.unaccepted().again())
            .set("state", LOST.text())
            .set("lost_at", Utc.of(now))
            .set("next_look_at", Utc.of(nextLook))
            .set("doubt_count", null)
            .unleased());
  }

  // --- poll

  /** Running batches whose next look is due, and held ones that the API has accepted. */
  public List<Batch> toPoll(Instant now) {
    return rows.list(
        "(state in ('in_progress', 'canceling') or state = 'held' and msgbatch_id is not null)"
            + " and next_look_at <= :now",
        now);
  }

  /** Running batches of a job, whether due or not. */
  public List<Batch> running(String job) {
    return rows.query("state in ('in_progress', 'canceling') and job = :job")
        .param("job", job)
        .query(BatchRows::map)
        .list();
  }

  /** What a look at the API showed. */
  public void looked(Batch batch, MessageBatch message, Instant next) {
    RequestCounts counts = message.requestCounts();
    BatchState state =
        message.ended() ? ENDED : message.cancelInitiatedAt() != null ? CANCELING : IN_PROGRESS;
    rows.change(
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
    rows.change(
        nonce,
        List.of(IN_PROGRESS, CANCELING),
        new Change().set("next_look_at", Utc.of(next)).set("missing_since", Utc.of(missingSince)));
  }

  public void alerted(String nonce, Instant now) {
    rows.change(
        nonce, List.of(IN_PROGRESS, CANCELING), new Change().set("alerted_at", Utc.of(now)));
  }

  /** Why a cancel was asked for: {@code deadline}, {@code person} or {@code drop}. */
  public boolean cancelAsked(String nonce, String cause) {
    return rows.change(
        nonce, List.of(IN_PROGRESS, CANCELING), new Change().set("cancel_cause", cause));
  }

  // --- collect

  /** Ended batches that may be collected now, oldest first. */
  public List<Batch> toCollect(Instant now) {
    return rows.list("state = 'ended' and (next_look_at is null or next_look_at <= :now)", now);
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
    rows.change(
        nonce,
        List.of(ENDED),
        new Change()
            .set("downloads", downloads)
            .set("downloaded_at", Utc.of(firstAt))
            .set("cause", null));
  }

  /** Ended batches that a process is collecting now: more of their requests may follow. */
  public List<String> collecting() {
    return ledger
        .sql("select nonce from caravan_batch where state = 'ended' and lease_until > :now")
        .param("now", Utc.of(ledger.now()))
        .query(String.class)
        .list();
  }

  /** Gives an ended batch back, to be collected from {@code next} on. */
  public void collectLater(String nonce, Instant next, @Nullable String detail) {
    rows.change(
        nonce,
        List.of(ENDED),
        new Change().set("next_look_at", Utc.of(next)).set("detail", detail).unleased());
  }

  /** Every request of the batch has an outcome. */
  public boolean collected(String nonce, Instant now, int strayLines) {
    return rows.change(
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
    return rows.list(
        "state in ('ended', 'held') and msgbatch_id is not null and created_at <= :now", before);
  }

  /** Collected batches that may be deleted at the API now. */
  public List<Batch> toDelete(Instant now) {
    return rows.list(
        "state = 'collected' and msgbatch_id is not null and deleted_at is null"
            + " and (next_look_at is null or next_look_at <= :now)",
        now);
  }

  /** The API no longer has a collected batch. */
  public void deleted(String nonce, Instant now) {
    rows.change(nonce, List.of(BatchState.COLLECTED), new Change().set("deleted_at", Utc.of(now)));
  }

  /** The API could not delete a collected batch; it is asked again from {@code next} on. */
  public void deleteLater(String nonce, Instant next) {
    rows.change(
        nonce, List.of(BatchState.COLLECTED), new Change().set("next_look_at", Utc.of(next)));
  }

  /** What of a job waits for a later time is due now. */
  public void dueNow(String job) {
    ledger
        .sql(
            """
            update caravan_batch set next_look_at = null, unaccepted = 0, alike = 0
            where job = :job and state in ('ready', 'ended')
            """)
        .param("job", job)
        .update();
  }

  // --- reading

  public Batch get(String nonce) {
    return rows.query("nonce = :nonce").param("nonce", nonce).query(BatchRows::map).single();
  }

  /** The batch with this msgbatch id. */
  public Optional<Batch> byMessageBatch(String msgbatchId) {
    return rows.query("msgbatch_id = :id").param("id", msgbatchId).query(BatchRows::map).optional();
  }

  /** Batches whose nonce or msgbatch id is, or begins with, this text. */
  public List<Batch> like(String prefix) {
    String pattern = prefix.replaceAll("[%_!]", "!$0") + "%";
    return rows.query("nonce like :pattern escape '!' or msgbatch_id like :pattern escape '!'")
        .param("pattern", pattern)
        .query(BatchRows::map)
        .list();
  }

  public List<Batch> ofRun(long runId) {
    return rows.query("run_id = :run").param("run", runId).query(BatchRows::map).list();
  }

  /** Batches in a state, oldest first. */
  public List<Batch> in(BatchState... states) {
    return rows.query("state in (:states)")
        .param("states", Arrays.stream(states).map(BatchState::text).toList())
        .query(BatchRows::map)
        .list();
  }
}
