package dev.caravan.ledger;

import dev.caravan.batch.Batch;
import dev.caravan.batch.BatchState;
import dev.caravan.batch.RequestCounts;
import dev.caravan.batch.Unaccepted;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** Rows of the table caravan_batch as they are read, and changed from one state to another. */
final class BatchRows {
  private final Ledger ledger;

  BatchRows(Ledger ledger) {
    this.ledger = ledger;
  }

  /** Those that meet a condition on {@code :now}, oldest first. */
  List<Batch> list(String condition, Instant now) {
    return query(condition).param("now", Utc.of(now)).query(BatchRows::map).list();
  }

  StatementSpec query(String condition) {
    return ledger.sql(
        "select * from caravan_batch where " + condition + " order by opened_at, nonce");
  }

  /** Changes a batch unless it has gone on to another state than these. */
  boolean change(String nonce, List<BatchState> from, Change change) {
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

  static Batch map(ResultSet row, int index) throws SQLException {
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
            row.getInt("expired")),
        new Unaccepted(row.getInt("unaccepted"), row.getInt("alike")),
        Utc.get(row, "looked_at"));
  }
}
