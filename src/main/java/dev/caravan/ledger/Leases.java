package dev.caravan.ledger;

import java.time.Duration;
import java.time.Instant;

/**
 * Leases of this process on runs and batches, by the database's clock: renewed while it lives, free
 * for others {@link #LENGTH} after it died.
 */
public final class Leases {
  /** How long a lease lasts without renewal. */
  public static final Duration LENGTH = Duration.ofSeconds(45);

  /** How often a living process renews. */
  public static final Duration RENEWAL = Duration.ofSeconds(15);

  private final Ledger ledger;
  private final String owner;

  public Leases(Ledger ledger, String owner) {
    this.ledger = ledger;
    this.owner = owner;
  }

  /** Extends every lease this process still holds. */
  public void renew() {
    Instant now = ledger.now();
    for (String table : new String[] {"caravan_run", "caravan_batch"}) {
      ledger
          .sql(
              "update "
                  + table
                  + " set lease_until = :until"
                  + " where owner = :owner and lease_until >= :now and lease_until < :until")
          .param("until", Utc.of(now.plus(LENGTH)))
          .param("owner", owner)
          .param("now", Utc.of(now))
          .update();
    }
  }

  /**
   * Gives up every lease at a clean end, so that nobody has to wait for it. A batch still {@code
   * submitting} keeps its lease: the end of that lease dates its doubt.
   */
  public void release() {
    ledger
        .sql("update caravan_run set lease_until = null, owner = null where owner = :owner")
        .param("owner", owner)
        .update();
    ledger
        .sql(
            """
            update caravan_batch set lease_until = null, owner = null
            where owner = :owner and state <> 'submitting'
            """)
        .param("owner", owner)
        .update();
  }
}
