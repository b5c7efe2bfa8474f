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

  /**
   * Extends every lease this process still holds; that of a batch being posted also when it had to
   * miss some renewals: while it lives, its POST may be running.
   */
  public void renew() {
    renew("caravan_run", "lease_until >= :now");
    renew("caravan_batch", "(lease_until >= :now or state = 'submitting')");
  }

  private void renew(String table, String held) {
    Instant now = ledger.now();
    ledger
        .sql(
            "update "
                + table
                + " set lease_until = :until"
                + " where owner = :owner and lease_until < :until and "
                + held)
        .param("until", Utc.of(now.plus(LENGTH)))
        .param("owner", owner)
        .param("now", Utc.of(now))
        .update();
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
