package dev.caravan.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;

/** The table caravan_job: jobs that send nothing until a person resumes them, and their prompts. */
public final class Jobs {
  private static final int MAX_DETAIL = 1000;

  private final Ledger ledger;

  public Jobs(Ledger ledger) {
    this.ledger = ledger;
  }

  /** A paused job: since when and why. */
  public record Pause(Instant since, String cause) {}

  /** A job of which nothing was accepted since then, and what came of the last POST. */
  public record Unaccepted(String job, Instant since, String detail, boolean alerted) {}

  /** Jobs that send and of which nothing was accepted. */
  public List<Unaccepted> unaccepted() {
    return ledger
        .sql(
            "select * from caravan_job where unaccepted_since is not null and paused_at is null"
                + " order by job")
        .query(Jobs::notAccepted)
        .list();
  }

  /** A POST was not accepted: since when no other was. */
  public Instant notAccepted(String job, String detail, Instant now) {
    keep(job);
    ledger
        .sql(
            """
            update caravan_job
            set unaccepted_since = coalesce(unaccepted_since, :now), unaccepted_detail = :detail
            where job = :job
            """)
        .param("now", Utc.of(now))
        .param("detail", Clipped.to(MAX_DETAIL, detail))
        .param("job", job)
        .update();
    return ledger
        .sql("select * from caravan_job where job = :job")
        .param("job", job)
        .query(Jobs::notAccepted)
        .single()
        .since();
  }

  /** People are told; false when another process has done so, or a POST was accepted since. */
  public boolean alerted(Unaccepted told, Instant now) {
    return ledger
            .sql(
                """
                update caravan_job set unaccepted_alerted_at = :now
                where job = :job and unaccepted_since = :since and unaccepted_alerted_at is null
                """)
            .param("now", Utc.of(now))
            .param("job", told.job())
            .param("since", Utc.of(told.since()))
            .update()
        == 1;
  }

  /**
   * Whether batches of a job wait to be posted, or were given up as lost since, or are in doubt.
   */
  public boolean waiting(String job, Instant since) {
    return ledger
            .sql(
                """
                select count(*) from caravan_batch
                where job = :job
                  and (state in ('ready', 'submitting', 'doubt')
                    or state = 'lost' and lost_at >= :since
                      and run_id in (select id from caravan_run where state <> 'ended'))
                """)
            .param("job", job)
            .param("since", Utc.of(since))
            .query(Long.class)
            .single()
        > 0;
  }

  /** Nothing of the job waits for an acceptance any more. */
  public void nothingWaits(String job) {
    ledger
        .sql(
            """
            update caravan_job
            set unaccepted_since = null, unaccepted_detail = null, unaccepted_alerted_at = null
            where job = :job
            """)
        .param("job", job)
        .update();
  }

  private static Unaccepted notAccepted(ResultSet row, int index) throws SQLException {
    return new Unaccepted(
        row.getString("job"),
        Utc.require(row, "unaccepted_since"),
        Objects.requireNonNullElse(row.getString("unaccepted_detail"), "no answer"),
        Utc.get(row, "unaccepted_alerted_at") != null);
  }

  /** Pauses a job; the first cause stays. True when it was not paused before. */
  public boolean pause(String job, String cause) {
    keep(job);
    return ledger
            .sql(
                """
                update caravan_job set paused_at = :now, paused_cause = :cause
                where job = :job and paused_at is null
                """)
            .param("now", Utc.of(ledger.now()))
            .param("cause", cause)
            .param("job", job)
            .update()
        == 1;
  }

  private void keep(String job) {
    try {
      ledger.attempt(
          () ->
              ledger.sql("insert into caravan_job (job) values (:job)").param("job", job).update());
    } catch (DuplicateKeyException known) {
      // its row is there already
    }
  }

  /** The version of its prompt that a job renders its newest requests with. */
  public void promptVersion(String job, String version) {
    if (!promptVersionKept(job, version)) {
      keep(job);
      promptVersionKept(job, version);
    }
  }

  private boolean promptVersionKept(String job, String version) {
    return ledger
            .sql("update caravan_job set prompt_version = :version where job = :job")
            .param("version", version)
            .param("job", job)
            .update()
        == 1;
  }

  /** Lets a job send again. True when it was paused. */
  public boolean resume(String job) {
    return ledger
            .sql(
                """
                update caravan_job
                set paused_at = null, paused_cause = null, unaccepted_since = null,
                    unaccepted_detail = null, unaccepted_alerted_at = null
                where job = :job and paused_at is not null
                """)
            .param("job", job)
            .update()
        == 1;
  }

  public Optional<Pause> pause(String job) {
    return ledger
        .sql("select * from caravan_job where job = :job and paused_at is not null")
        .param("job", job)
        .query((row, i) -> new Pause(Utc.require(row, "paused_at"), row.getString("paused_cause")))
        .optional();
  }
}
