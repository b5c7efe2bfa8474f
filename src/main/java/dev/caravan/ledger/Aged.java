package dev.caravan.ledger;

import dev.caravan.batch.Batch;
import java.time.Instant;
import java.util.List;

/** Batches whose runs have long ended, and what retention takes from them in the ledger. */
public final class Aged {
  private static final int AT_ONCE = 100;
  private static final String OVER =
      """
      select nonce from caravan_batch b
      where (b.state in ('collected', 'refused') or b.state = 'lost' and b.next_look_at is null)
        and %s is null
        and b.run_id in (
          select id from caravan_run where state = 'ended' and ended_at < :before)
      order by b.opened_at
      """;

  private final Ledger ledger;
  private final Batches batches;

  public Aged(Ledger ledger, Batches batches) {
    this.ledger = ledger;
    this.batches = batches;
  }

  /** Some of the batches that still have spool files, of runs that ended before then. */
  public List<Batch> withSpool(Instant before) {
    return over("b.spool_removed_at", before);
  }

  /** Some of the batches whose spool files are as they were written, of runs that have ended. */
  public List<Batch> withPlainSpool(Instant now) {
    return over("coalesce(b.spool_compressed_at, b.spool_removed_at)", now);
  }

  /** Some of the batches that still have texts, of runs that ended before then. */
  public List<Batch> withTexts(Instant before) {
    return over("b.texts_blanked_at", before);
  }

  private List<Batch> over(String mark, Instant before) {
    return ledger
        .sql(OVER.formatted(mark))
        .param("before", Utc.of(before))
        .query(String.class)
        .list()
        .stream()
        .limit(AT_ONCE)
        .map(batches::get)
        .toList();
  }

  /** The spool files of a batch are gone: its requests no longer point into them. */
  public void spoolRemoved(String nonce, Instant now) {
    ledger.inTransaction(
        () -> {
          ledger
              .sql(
                  """
                  update caravan_request
                  set spool_offset = null, spool_length = null,
                      result_offset = null, result_length = null
                  where nonce = :nonce
                  """)
              .param("nonce", nonce)
              .update();
          mark("spool_removed_at", nonce, now);
        });
  }

  public void spoolCompressed(String nonce, Instant now) {
    mark("spool_compressed_at", nonce, now);
  }

  /** Blanks the texts of a batch's requests; keys, hashes, outcomes, causes and costs stay. */
  public void blankTexts(String nonce, Instant now) {
    ledger.inTransaction(
        () -> {
          ledger
              .sql(
                  "update caravan_request set row_values = '{}', detail = null where nonce = :nonce")
              .param("nonce", nonce)
              .update();
          mark("texts_blanked_at", nonce, now);
        });
  }

  private void mark(String column, String nonce, Instant now) {
    ledger
        .sql("update caravan_batch set " + column + " = :now where nonce = :nonce")
        .param("now", Utc.of(now))
        .param("nonce", nonce)
        .update();
  }
}
