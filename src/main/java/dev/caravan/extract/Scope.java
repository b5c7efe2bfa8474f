package dev.caravan.extract;

import dev.caravan.batch.Known;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which records a pass is about: all that are new, or only those of the given key hashes, of which
 * the rejected ones are then sent even though they are unchanged. With {@code again} finished
 * records are sent, too, except those whose answer is kept. A dry pass claims and sends nothing.
 */
record Scope(@Nullable Set<String> only, boolean again, boolean dry) {
  static final Scope DRY = new Scope(null, false, true);

  boolean leavesOut(String keyHash) {
    return only != null && !only.contains(keyHash);
  }

  /** A record that was completed since a person asked is not sent again. */
  boolean forces(Known before) {
    return again
        || (only != null && only.contains(before.keyHash()) && "rejected".equals(before.outcome()));
  }

  /** An answer that is paid for and kept is loaded by {@code retry}, not bought again. */
  boolean spares(Known before) {
    return again && before.kept();
  }
}
