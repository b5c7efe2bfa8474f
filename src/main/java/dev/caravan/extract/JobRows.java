package dev.caravan.extract;

import dev.caravan.batch.KeyTypes;
import dev.caravan.batch.RecordFault;
import dev.caravan.batch.Unreadable;
import dev.caravan.settings.Job;
import dev.caravan.source.SourceRows;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows of a job's extract.sql, as the night, a dry run and a check must see them alike. */
public final class JobRows {
  private JobRows() {}

  /**
   * A row as routes, prompts and keys see it.
   *
   * @throws JobFault when its key could not find it again
   */
  public static Map<String, @Nullable Object> of(
      Job job, Map<String, ? extends @Nullable Object> row) {
    Map<String, @Nullable Object> seen = SourceRows.of(row, job.zone());
    KeyTypes.fault(job.key(), seen)
        .ifPresent(
            fault -> {
              throw new JobFault("config/jobs/" + job.name() + "/extract.sql: " + fault);
            });
    return seen;
  }

  /**
   * Lets a row pass that a ledger on PostgreSQL can hold.
   *
   * @throws RecordFault when a column that the ledger keeps has a NUL in its text
   */
  static void checkWithoutNul(Job job, Map<String, @Nullable Object> row) {
    row.forEach(
        (column, value) -> {
          boolean kept = job.key().contains(column) || column.startsWith("keep_");
          if (kept && value instanceof CharSequence && value.toString().indexOf('\0') >= 0) {
            throw new RecordFault(
                Unreadable.CAUSE,
                "column "
                    + column
                    + " has the character U+0000 (NUL) in its text, which PostgreSQL can't hold."
                    + " Correct the row, or take the character out in extract.sql with replace");
          }
        });
  }
}
