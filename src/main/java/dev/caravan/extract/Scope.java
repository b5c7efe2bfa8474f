package dev.caravan.extract;

import dev.caravan.batch.Known;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which records a pass is about: all that are new, or only those of the given key hashes, of which
 * the rejected ones are then sent even though they are unchanged. A dry pass claims and sends
 * nothing.
 */
record Scope(@Nullable Set<String> only, boolean dry) {
  static final Scope ALL = new Scope(null, false);
  static final Scope DRY = new Scope(null, true);

  boolean leavesOut(String keyHash) {
    return only != null && !only.contains(keyHash);
  }

  /** A record that was completed since is not sent again. */
  boolean forces(Known before) {
    return only != null && only.contains(before.keyHash()) && "rejected".equals(before.outcome());
  }
}
