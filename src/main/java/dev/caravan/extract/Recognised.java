package dev.caravan.extract;

import dev.caravan.batch.Known;
import dev.caravan.batch.OldFormula;
import dev.caravan.batch.RecordKey;
import dev.caravan.batch.Renewal;
import dev.caravan.batch.RowHash;
import dev.caravan.settings.Job;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the ledger knows of a chunk's records, also of those that it has under hashes of an older
 * formula: an upgrade must send nothing again.
 */
final class Recognised {
  private final Job job;
  private final Map<String, Known> stored;
  private final Map<String, Known> known = new HashMap<>();
  private final List<Renewal> renewals = new ArrayList<>();

  /** {@code stored} is what the ledger has under {@link #hashes} of these rows. */
  Recognised(Job job, List<ChunkClaim.Keyed> rows, Map<String, Known> stored) {
    this.job = job;
    this.stored = stored;
    Set<String> met = new HashSet<>();
    Set<String> shared = new HashSet<>();
    rows.stream()
        .map(ChunkClaim.Keyed::oldKeyHash)
        .filter(hash -> hash != null && !met.add(hash))
        .forEach(shared::add);
    for (ChunkClaim.Keyed row : rows) {
      row.key().ifPresent(key -> recognise(row, key, shared));
    }
  }

  /** Every hash that the keys of these rows have or had. */
  static List<String> hashes(List<ChunkClaim.Keyed> rows) {
    return rows.stream()
        .flatMap(
            row ->
                row.oldKeyHash() == null
                    ? row.key().stream().map(RecordKey::hash)
                    : Stream.of(row.key().orElseThrow().hash(), row.oldKeyHash()))
        .distinct()
        .toList();
  }

  /** By the key hash of now. */
  Map<String, Known> known() {
    return known;
  }

  /** Records to be told their hashes of now. */
  List<Renewal> renewals() {
    return renewals;
  }

  private void recognise(ChunkClaim.Keyed row, RecordKey key, Set<String> shared) {
    Known before = stored.get(key.hash());
    if (before == null) {
      before = underOldKey(row, shared);
    }
    if (before == null) {
      return;
    }
    boolean same = !RowHash.isCurrent(before.rowHash()) && isUnchanged(row, before);
    String rowHash = same ? row.rowHash() : before.rowHash();
    known.put(key.hash(), before.withRowHash(rowHash));
    Renewal renewal = new Renewal(before.keyHash(), before.submission(), key, rowHash);
    if (!before.open() && (same || renewal.isMoved())) {
      renewals.add(renewal);
    }
  }

  /** Nothing is guessed: not where two rows share the hash, nor where only a row tells. */
  private @Nullable Known underOldKey(ChunkClaim.Keyed row, Set<String> shared) {
    String hash = row.oldKeyHash();
    Known before = hash == null || shared.contains(hash) ? null : stored.get(hash);
    if (before == null || RowHash.isCurrent(before.rowHash())) {
      return null;
    }
    boolean doubtful = OldFormula.cutsDigits(job.key(), row.row());
    return doubtful && !isUnchanged(row, before) ? null : before;
  }

  private boolean isUnchanged(ChunkClaim.Keyed row, Known before) {
    return OldFormula.unchanged(before.rowHash(), row.row(), job.zone());
  }
}
