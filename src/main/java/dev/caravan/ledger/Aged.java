package dev.caravan.ledger;

import dev.caravan.batch.Batch;
import java.time.Duration;
import java.util.stream.Stream;

/** Batches whose runs have long ended, and what retention takes from them in the ledger. */
public final class Aged {
  private static final String OVER =
      """
      select nonce from caravan_batch b
      where (b.state in ('collected', 'refused') or b.state = 'lost' and b.next_look_at is null)
        and %s is null
        and b.run_id in (
          select id from caravan_run where state = 'ended' and ended_at <= :before)
      order by b.opened_at
      """;

  private final Ledger ledger;
  private final Batches batches;

  public Aged(Ledger ledger, Batches batches) {
    this.ledger = ledger;
    this.batches = batches;
  }

  /** The batches that still have spool files, of runs that ended so long ago; oldest first. */
  public Stream<Batch> withSpool(Duration ago) {
    return over("b.spool_removed_at", ago);
  }

  /** The batches whose spool files are as they were written, of runs that have ended. */
  public Stream<Batch> withPlainSpool() {
    return over("coalesce(b.spool_compressed_at, b.spool_removed_at)", Duration.ZERO);
  }

  /** The batches that still have texts, of runs that ended so long ago. */
  public Stream<Batch> withTexts(Duration ago) {
    return over("b.texts_blanked_at", ago);
  }

  /** By the database's clock, which tells the ends of runs, too. */
  private Stream<Batch> over(String mark, Duration ago) {
    return ledger
        .sql(OVER.formatted(mark))
        .param("before", Utc.of(ledger.now().minus(ago)))
        .query(String.class)
        .list()
        .stream()
        .map(batches::get);
  }

  /** The spool files of a batch are gone: its requests no longer point into them. */
  public void spoolRemoved(String nonce) {
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
          mark("spool_removed_at", nonce);
        });
  }

  public void spoolCompressed(String nonce) {
    mark("spool_compressed_at", nonce);
  }

  /** Blanks the texts of a batch's requests; keys, hashes, outcomes, causes and costs stay. */
  public void blankTexts(String nonce) {
    ledger.inTransaction(
        () -> {
          ledger
              .sql(
                  "update caravan_request set row_values = '{}', detail = null where nonce = :nonce")
              .param("nonce", nonce)
              .update();
          mark("texts_blanked_at", nonce);
        });
  }

  private void mark(String column, String nonce) {
    ledger
        .sql("update caravan_batch set " + column + " = :now where nonce = :nonce")
        .param("now", Utc.of(ledger.now()))
        .param("nonce", nonce)
        .update();
  }
}
