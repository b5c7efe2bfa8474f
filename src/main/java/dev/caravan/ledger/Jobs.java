package dev.caravan.ledger;

import java.time.Instant;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;

/** The table caravan_job: jobs that send nothing until a person resumes them. */
public final class Jobs {
  private final Ledger ledger;

  public Jobs(Ledger ledger) {
    this.ledger = ledger;
  }

  /** A paused job: since when and why. */
  public record Pause(Instant since, String cause) {}

  /** Pauses a job; the first cause stays. True when it was not paused before. */
  public boolean pause(String job, String cause) {
    try {
      ledger.attempt(
          () ->
              ledger.sql("insert into caravan_job (job) values (:job)").param("job", job).update());
    } catch (DuplicateKeyException known) {
      // its row is there already
    }
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

  /** Lets a job send again. True when it was paused. */
  public boolean resume(String job) {
    return ledger
            .sql(
                """
                update caravan_job set paused_at = null, paused_cause = null
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
