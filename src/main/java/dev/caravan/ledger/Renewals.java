package dev.caravan.ledger;

import dev.caravan.batch.Renewal;
import java.util.List;

/** Hashes of the table caravan_request that an older formula made. */
public final class Renewals {
  private final Ledger ledger;

  public Renewals(Ledger ledger) {
    this.ledger = ledger;
  }

  /** Final records known by hashes of an older formula get those of now, their history too. */
  public void renew(String job, List<Renewal> renewals) {
    ledger.batch(
        "update caravan_request set row_hash = ?"
            + " where job = ? and key_hash = ? and submission = ?",
        renewals.stream()
            .map(r -> new Object[] {r.rowHash(), job, r.keyHash(), r.submission()})
            .toList());
    ledger.batch(
        "update caravan_request set key_hash = ?, record_key = ? where job = ? and key_hash = ?",
        renewals.stream()
            .filter(Renewal::isMoved)
            .map(r -> new Object[] {r.key().hash(), r.key().text(), job, r.keyHash()})
            .toList());
  }
}
