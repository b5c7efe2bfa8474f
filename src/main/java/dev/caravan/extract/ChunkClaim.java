package dev.caravan.extract;

import dev.caravan.batch.Claim;
import dev.caravan.batch.Known;
import dev.caravan.batch.OldFormula;
import dev.caravan.batch.RecordKey;
import dev.caravan.batch.Refusal;
import dev.caravan.batch.RowHash;
import dev.caravan.batch.Run;
import dev.caravan.batch.RunCounts;
import dev.caravan.batch.TypedValues;
import dev.caravan.settings.Job;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of one chunk of rows: which records are claimed, which are skipped and why. {@code
 * inHand} are hashes of keys in chunks that the ledger is about to be told of. Used by one thread
 * at a time.
 */
public final class ChunkClaim {
  /**
   * A row with its hash and its key; the key is empty when a key column is NULL or can't be read.
   * {@code oldKeyHash} is what an older formula made of the key, where that differs.
   */
  record Keyed(
      Map<String, @Nullable Object> row,
      String rowHash,
      Optional<RecordKey> key,
      @Nullable String oldKeyHash) {
    static Keyed of(Job job, Map<String, @Nullable Object> row) {
      Map<String, @Nullable Object> seen = JobRows.of(job, row);
      Optional<RecordKey> key = RecordKey.of(job.key(), seen);
      String oldHash =
          key.flatMap(
                  now -> OldFormula.keyHash(job.key(), seen).filter(old -> !old.equals(now.hash())))
              .orElse(null);
      return new Keyed(seen, RowHash.of(seen), key, oldHash);
    }
  }

  private final Run run;
  private final Job job;
  private final Map<String, Known> known;
  private final Scope scope;
  private final Set<String> inHand;
  private final int firstN;
  private final List<Claim> claims = new ArrayList<>();
  private final List<String> seenAgain = new ArrayList<>();
  private final List<Refusal> refusals = new ArrayList<>();
  private final List<Map<String, @Nullable Object>> nullKeys = new ArrayList<>();
  private final List<Map<String, @Nullable Object>> repeatedKeys = new ArrayList<>();
  private final Set<String> met = new HashSet<>();
  private int spared;
  private RunCounts counts;

  ChunkClaim(
      Run run,
      Job job,
      Scope scope,
      Map<String, Known> known,
      Set<String> inHand,
      int firstN,
      RunCounts before) {
    this.run = run;
    this.job = job;
    this.known = known;
    this.scope = scope;
    this.inHand = inHand;
    this.firstN = firstN;
    this.counts = before;
  }

  /** Decides row by row until the chunk, or the room for claims, ends. */
  void decide(List<Keyed> rows, int room) {
    for (Keyed row : rows) {
      if (claims.size() >= room) {
        return;
      }
      decide(row);
    }
  }

  private void decide(Keyed row) {
    RecordKey key = row.key().orElse(null);
    if (key == null) {
      nullKeys.add(row.row());
      count(0, 0, 0, 1);
      return;
    }
    Known before = known.get(key.hash());
    boolean thisPass =
        inHand.contains(key.hash())
            || (before != null && before.runId() == run.id() && before.pass() == run.pass());
    if (!met.add(key.hash()) || thisPass) {
      repeatedKeys.add(row.row());
      count(0, 0, 1, 0);
    } else if (scope.leavesOut(before == null ? key.hash() : before.keyHash())) {
      count(0, 1, 0, 0);
    } else if (before == null) {
      claim(row, key, 1);
    } else if (before.runId() == run.id()) {
      seenAgain.add(key.hash());
      count(0, 0, 0, 0);
    } else if (before.open()) {
      count(1, 0, 0, 0);
    } else if (scope.spares(before)) {
      spared++;
      count(0, 1, 0, 0);
    } else if (unchanged(before, row) && !scope.forces(before)) {
      count(0, 1, 0, 0);
    } else {
      claim(row, key, before.submission() + 1);
    }
  }

  private boolean unchanged(Known before, Keyed row) {
    return job.whenChanged() == Job.WhenChanged.SKIP || before.rowHash().equals(row.rowHash());
  }

  private void claim(Keyed row, RecordKey key, int submission) {
    int n = firstN + claims.size();
    claims.add(
        new Claim(
            key,
            row.row(),
            row.rowHash(),
            TypedValues.write(kept(row.row())),
            n,
            submission,
            1,
            null));
    count(0, 0, 0, 0);
  }

  /** Key and keep_* columns, as load will need them. */
  private Map<String, @Nullable Object> kept(Map<String, @Nullable Object> row) {
    Map<String, @Nullable Object> kept = new LinkedHashMap<>();
    row.forEach(
        (column, value) -> {
          if (job.key().contains(column)) {
            kept.put("key_" + column, value);
          }
          if (column.startsWith("keep_")) {
            kept.put(column, value);
          }
        });
    return kept;
  }

  private void count(int open, int done, int duplicates, int bad) {
    counts =
        new RunCounts(
            counts.read() + 1,
            counts.skippedOpen() + open,
            counts.skippedDone() + done,
            counts.duplicateKeys() + duplicates,
            counts.badKeys() + bad);
  }

  List<Claim> claims() {
    return claims;
  }

  /** Hashes of the keys that were met here. */
  Set<String> met() {
    return met;
  }

  void refuse(Refusal refusal) {
    refusals.add(refusal);
  }

  /** Claimed records that can't be sent. */
  List<Refusal> refusals() {
    return refusals;
  }

  /** How many were left alone because their answer is kept. */
  int spared() {
    return spared;
  }

  List<String> seenAgain() {
    return seenAgain;
  }

  RunCounts counts() {
    return counts;
  }

  void nameIn(KeyFile file) {
    nullKeys.forEach(file::nullKey);
    repeatedKeys.forEach(file::repeatedKey);
  }
}
