package dev.caravan.batch;

/**
 * A record that the ledger knows by hashes of an older formula, with those of now: {@code keyHash}
 * and {@code submission} find it.
 */
public record Renewal(String keyHash, int submission, RecordKey key, String rowHash) {
  /** Whether its key has another hash now. */
  public boolean isMoved() {
    return !keyHash.equals(key.hash());
  }
}
