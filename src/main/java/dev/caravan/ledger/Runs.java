package dev.caravan.ledger;

import dev.caravan.batch.Run;
import dev.caravan.batch.RunCounts;
import dev.caravan.batch.RunState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;

/** The table caravan_run: who owns which firing, what extract counted, when a run is over. */
public final class Runs {
  private final Ledger ledger;
  private final String owner;

  /** {@code owner} names this process in leases. */
  public Runs(Ledger ledger, String owner) {
    this.ledger = ledger;
    this.owner = owner;
  }

  /**
   * Inserts the run of a firing, leased; empty when another has it already. One of records that a
   * person {@code asked} for is no whole night; in one of those sent {@code again} finished records
   * are claimed, too.
   */
  public Optional<Run> begin(
      String job, Instant dueAt, @Nullable Integer maxRecords, boolean asked, boolean again) {
    Instant now = ledger.now();
    try {
      ledger
          .sql(
"""
insert into caravan_run
  (job, due_at, state, pass, max_records, asked, again, owner, lease_until, started_at)
values (:job, :due, 'extracting', 1, :max, :asked, :again, :owner, :lease, :now)
""")
          .param("job", job)
          .param("due", Utc.of(dueAt))
          .param("max", maxRecords)
          .param("asked", asked)
          .param("again", again)
          .param("owner", owner)
          .param("lease", Utc.of(now.plus(Leases.LENGTH)))
          .param("now", Utc.of(now))
          .update();
    } catch (DuplicateKeyException taken) {
      return Optional.empty();
    }
    return find(job, dueAt);
  }

  /** Takes over a run whose extract stopped half-way, for a new pass over its source. */
  public Optional<Run> beginAgain(long id) {
    Instant now = ledger.now();
    int taken =
        ledger
            .sql(
                """
                update caravan_run
                set owner = :owner, lease_until = :lease, pass = pass + 1, error = null
                where id = :id and state = 'extracting'
                  and (lease_until is null or lease_until < :now)
                """)
            .param("owner", owner)
            .param("lease", Utc.of(now.plus(Leases.LENGTH)))
            .param("id", id)
            .param("now", Utc.of(now))
            .update();
    return taken == 1 ? Optional.of(get(id)) : Optional.empty();
  }

  /** Runs whose extract nobody is working on, of jobs that are not paused. */
  public List<Run> abandoned() {
    return ledger
        .sql(
            """
            select * from caravan_run
            where state = 'extracting' and (lease_until is null or lease_until < :now)
              and job not in (select job from caravan_job where paused_at is not null)
            order by due_at
            """)
        .param("now", Utc.of(ledger.now()))
        .query(Runs::map)
        .list();
  }

  /**
   * What a pass of extract has counted so far; locks the run until the transaction ends.
   *
   * @throws TakenOver when this pass is no longer the run's
   */
  public void count(Run run, RunCounts counts) {
    int ours =
        ledger
            .sql(
                """
                update caravan_run
                set rows_read = :read, skipped_open = :open, skipped_done = :done,
                    duplicate_keys = :duplicates, bad_keys = :bad
                where id = :id and pass = :pass and state = 'extracting'
                """)
            .param("read", counts.read())
            .param("open", counts.skippedOpen())
            .param("done", counts.skippedDone())
            .param("duplicates", counts.duplicateKeys())
            .param("bad", counts.badKeys())
            .param("id", run.id())
            .param("pass", run.pass())
            .update();
    if (ours == 0) {
      throw new TakenOver("Run " + run.id() + " was taken over while it was extracted");
    }
  }

  /** What the requests of a pass are rendered with; the run as it stands then. */
  public Run promptVersion(Run run, String version) {
    ledger
        .sql("update caravan_run set prompt_version = :version where id = :id and pass = :pass")
        .param("version", version)
        .param("id", run.id())
        .param("pass", run.pass())
        .update();
    return get(run.id());
  }

  /** Extract is complete: from now on the run waits for its requests. */
  public void extracted(long id) {
    ledger
        .sql(
            """
            update caravan_run
            set state = 'open', extracted_at = :now, owner = null, lease_until = null
            where id = :id and state = 'extracting' and owner = :owner
            """)
        .param("now", Utc.of(ledger.now()))
        .param("id", id)
        .param("owner", owner)
        .update();
  }

  /** Extract broke off; it may be taken up again after {@code wait}. */
  public void broken(long id, String error, Duration wait) {
    ledger
        .sql(
            """
            update caravan_run set error = :error, owner = null, lease_until = :until
            where id = :id and state = 'extracting' and owner = :owner
            """)
        .param("error", error)
        .param("until", Utc.of(ledger.now().plus(wait)))
        .param("id", id)
        .param("owner", owner)
        .update();
  }

  /** This process works on that run no longer, if it ever did. */
  public void giveUp(String job, Instant dueAt) {
    ledger
        .sql(
            """
            update caravan_run set owner = null, lease_until = null
            where job = :job and due_at = :due and state = 'extracting' and owner = :owner
            """)
        .param("job", job)
        .param("due", Utc.of(dueAt))
        .param("owner", owner)
        .update();
  }

  /** A job's broken-off extract may be taken up now. */
  public void dueNow(String job) {
    ledger
        .sql(
            """
            update caravan_run set lease_until = null
            where job = :job and state = 'extracting' and owner is null
            """)
        .param("job", job)
        .update();
  }

  /** Ends every open run without an open or waiting record; returns those that just ended. */
  public List<Run> endFinished() {
    List<Long> open =
        ledger
            .sql("select id from caravan_run where state = 'open' order by id")
            .query(Long.class)
            .list();
    return open.stream().filter(id -> !waits(id)).filter(this::ended).map(this::get).toList();
  }

  /** Whoever opens requests of a run locks it first: nothing comes between the look and the end. */
  private boolean ended(long id) {
    return ledger.inTransaction(
        () -> {
          ledger
              .sql("select id from caravan_run where id = :id for update")
              .param("id", id)
              .query(Long.class)
              .list();
          return !waits(id) && end(id);
        });
  }

  /** Whether a record of a run has no outcome yet, or is to be sent again. */
  private boolean waits(long id) {
    return anyRequest(id, "r.outcome is null")
        || anyRequest(
            id,
            """
            r.outcome = 'retry' and not exists (
              select 1 from caravan_request newer
              where newer.job = r.job and newer.key_hash = r.key_hash
                and newer.submission > r.submission)""");
  }

  /** Whether a record of a run is rejected, and was not sent again in it. */
  public boolean hasRejected(long id) {
    return anyRequest(
        id,
        """
        r.outcome = 'rejected' and not exists (
          select 1 from caravan_request newer
          where newer.job = r.job and newer.key_hash = r.key_hash
            and newer.submission > r.submission and newer.run_id = r.run_id)""");
  }

  private boolean anyRequest(long id, String condition) {
    String sql = "select r.n from caravan_request r where r.run_id = :id and %s limit 1";
    return !ledger
        .sql(sql.formatted(condition))
        .param("id", id)
        .query(Integer.class)
        .list()
        .isEmpty();
  }

  private boolean end(long id) {
    return ledger
            .sql(
                "update caravan_run set state = 'ended', ended_at = :now where id = :id and state ="
                    + " 'open'")
            .param("now", Utc.of(ledger.now()))
            .param("id", id)
            .update()
        == 1;
  }

  /** Remembers which report went out: {@code interim} while batches run, {@code final} after. */
  public boolean reported(long id, String kind) {
    return ledger
            .sql(
                """
                update caravan_run set reported_at = :now, report_kind = :kind
                where id = :id and (report_kind is null or report_kind <> :kind)
                """)
            .param("now", Utc.of(ledger.now()))
            .param("kind", kind)
            .param("id", id)
            .update()
        == 1;
  }

  /** Runs of a job with no final report yet, oldest first. */
  public List<Run> unreported(String job) {
    return ledger
        .sql(
            """
            select * from caravan_run
            where job = :job and (report_kind is null or report_kind <> 'final')
            order by due_at
            """)
        .param("job", job)
        .query(Runs::map)
        .list();
  }

  /**
   * Runs that ended well, were reported no longer ago than that, and were not told of: nothing of
   * them waits, and they were a whole night.
   */
  public List<Run> withoutHeartbeat(Duration ago) {
    return ledger
        .sql(
            """
            select * from caravan_run run
            where state = 'ended' and report_kind = 'final' and heartbeat_at is null
              and asked = false and reported_at > :since
              and job not in (select job from caravan_job where paused_at is not null)
              and not exists (
                select 1 from caravan_batch b where b.run_id = run.id and b.state = 'held')
            order by due_at
            """)
        .param("since", Utc.of(ledger.now().minus(ago)))
        .query(Runs::map)
        .list();
  }

  /** The good end of a run was told. */
  public void heartbeat(long id) {
    ledger
        .sql("update caravan_run set heartbeat_at = :now where id = :id")
        .param("now", Utc.of(ledger.now()))
        .param("id", id)
        .update();
  }

  /** Ended runs whose interim report promised one more mail. */
  public List<Run> owedFinalReport() {
    return ledger
        .sql(
            "select * from caravan_run where state = 'ended' and report_kind = 'interim' order by"
                + " due_at")
        .query(Runs::map)
        .list();
  }

  public Run get(long id) {
    return ledger
        .sql("select * from caravan_run where id = :id")
        .param("id", id)
        .query(Runs::map)
        .single();
  }

  public Optional<Run> find(String job, Instant dueAt) {
    return ledger
        .sql("select * from caravan_run where job = :job and due_at = :due")
        .param("job", job)
        .param("due", Utc.of(dueAt))
        .query(Runs::map)
        .optional();
  }

  /** The run of a job with the latest due time. */
  public Optional<Run> newest(String job) {
    return newest(job, "");
  }

  /** The same, of those that read all of the source: {@code retry} reads what it is asked for. */
  public Optional<Run> newestWhole(String job) {
    return newest(job, " and asked = false");
  }

  private Optional<Run> newest(String job, String which) {
    return ledger
        .sql(
            "select * from caravan_run where job = :job" + which + " order by due_at desc, id desc")
        .param("job", job)
        .query(Runs::map)
        .list()
        .stream()
        .findFirst();
  }

  /** Runs that are not over, oldest first. */
  public List<Run> unfinished() {
    return ledger
        .sql("select * from caravan_run where state <> 'ended' order by due_at")
        .query(Runs::map)
        .list();
  }

  private static Run map(ResultSet row, int index) throws SQLException {
    return new Run(
        row.getLong("id"),
        row.getString("job"),
        Utc.require(row, "due_at"),
        RunState.of(row.getString("state")),
        row.getInt("pass"),
        row.getObject("max_records", Integer.class),
        row.getBoolean("asked"),
        row.getBoolean("again"),
        row.getString("prompt_version"),
        new RunCounts(
            row.getLong("rows_read"),
            row.getLong("skipped_open"),
            row.getLong("skipped_done"),
            row.getLong("duplicate_keys"),
            row.getLong("bad_keys")),
        Utc.require(row, "started_at"),
        Utc.get(row, "ended_at"),
        Utc.get(row, "reported_at"),
        row.getString("error"));
  }
}
