package dev.caravan.extract;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which records a pass is about: all that are new, or only those of the given key hashes, which are
 * then sent even though they are finished and unchanged. A dry pass claims and sends nothing.
 */
record Scope(@Nullable Set<String> only, boolean dry) {
  static final Scope ALL = new Scope(null, false);
  static final Scope DRY = new Scope(null, true);

  boolean leavesOut(String keyHash) {
    return only != null && !only.contains(keyHash);
  }

  boolean forces(String keyHash) {
    return only != null && only.contains(keyHash);
  }
}
