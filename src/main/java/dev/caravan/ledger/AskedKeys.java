package dev.caravan.ledger;

import static dev.caravan.ledger.Columns.text;
import static dev.caravan.ledger.Columns.timestamp;

import java.time.Instant;
import java.util.Collection;
import java.util.Set;

/**
 * The table caravan_asked: the records that a person asked for, by key hash, from before their run
 * begins until its source was read. Whoever takes the run up after a crash or a pause reads those
 * and no others.
 */
public final class AskedKeys {
  private static final Columns COLUMNS =
      Columns.of(text("job"), timestamp("due_at"), text("key_hash"));

  private final Ledger ledger;

  public AskedKeys(Ledger ledger) {
    this.ledger = ledger;
  }

  /** The run of this job due then is about these records alone. */
  public void keep(String job, Instant due, Collection<String> keyHashes) {
    ledger.inTransaction(
        () -> {
          forget(job, due);
          ledger.insert(
              "caravan_asked",
              COLUMNS,
              keyHashes.stream().map(hash -> new Object[] {job, Utc.of(due), hash}).toList());
        });
  }

  /** Empty for a run that was not asked for certain records, or whose source was read. */
  public Set<String> of(String job, Instant due) {
    return Set.copyOf(
        ledger
            .sql("select key_hash from caravan_asked where job = :job and due_at = :due")
            .param("job", job)
            .param("due", Utc.of(due))
            .query(String.class)
            .list());
  }

  public void forget(String job, Instant due) {
    ledger
        .sql("delete from caravan_asked where job = :job and due_at = :due")
        .param("job", job)
        .param("due", Utc.of(due))
        .update();
  }
}
