package dev.caravan.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.simulator.Books;
import dev.caravan.simulator.Simulator;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a fault cost, counted in the tables and in the simulator's books when the night is over.
 *
 * @param lost rows of the source that have neither been completed nor rejected, and batches that
 *     the API accepted and the ledger does not know
 * @param appliedTwice rows of the target changed more often than answers were accepted for them
 * @param paidTwice batches given up as lost that the API's list showed while it was looked at
 */
public record Toll(long lost, long appliedTwice, long paidTwice) {
  private static final Duration LOOKS = Duration.ofMinutes(10);

  /** Nothing lost, nothing applied twice, nothing paid twice. */
  public static final Toll NONE = new Toll(0, 0, 0);

  static Toll of(TestDatabase database, Simulator simulator) {
    long unfinished =
        database.count(
            "select count(*) from invoices i where not exists (select 1 from caravan_record r"
                + " where r.record_key = i.invoice_no and r.outcome in ('completed', 'rejected'))");
    long appliedTwice =
        database.count(
            "select count(*) from invoices i where i.loads > (select count(*) from caravan_request r"
                + " where r.record_key = i.invoice_no and r.outcome = 'completed' and r.cause is null)");
    long unknown = 0;
    long paidTwice = 0;
    for (Books.Batch batch : simulator.books().batches()) {
      if (!batch.foreign()) {
        Map<String, Object> row = row(database, simulator, batch);
        unknown += row == null || !batch.id().equals(row.get("msgbatch_id")) ? 1 : 0;
        paidTwice += row != null && givenUpWhileShown(row, batch.createdAt()) ? 1 : 0;
      }
    }
    return new Toll(unfinished + unknown, appliedTwice, paidTwice);
  }

  private static @Nullable Map<String, Object> row(
      TestDatabase database, Simulator simulator, Books.Batch batch) {
    String nonce = simulator.customIds(batch.id()).get(0).split("_", -1)[1];
    var rows =
        database.query(
            "select msgbatch_id, lost_at, doubt_began_at from caravan_batch where nonce = ?",
            nonce);
    return rows.isEmpty() ? null : rows.get(0);
  }

  private static boolean givenUpWhileShown(Map<String, Object> row, Instant createdAt) {
    Object began = row.get("doubt_began_at");
    return row.get("lost_at") != null
        && began != null
        && createdAt.isBefore(instant(began).plus(LOOKS));
  }

  private static Instant instant(Object value) {
    LocalDateTime utc =
        value instanceof Timestamp stamp ? stamp.toLocalDateTime() : (LocalDateTime) value;
    return utc.toInstant(ZoneOffset.UTC);
  }

  /** Fails, naming what was lost or paid, unless it is {@link #NONE}. */
  public void isNone() {
    assertThat(this).isEqualTo(NONE);
  }
}
