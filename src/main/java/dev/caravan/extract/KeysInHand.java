package dev.caravan.extract;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Hashes of keys that a look-up in the ledger may miss: of chunks that are not told to it yet, or
 * were told since the look-up began. Thread-safe.
 */
final class KeysInHand {
  private record Told(long lastLookUp, Set<String> hashes) {}

  private final Set<String> hashes = new HashSet<>();
  private final Deque<Told> told = new ArrayDeque<>();
  private final TreeSet<Long> underWay = new TreeSet<>();
  private long lookUps;

  /** Before the ledger is asked; until {@link #end} nothing that it may miss is forgotten. */
  synchronized long begin() {
    underWay.add(++lookUps);
    return lookUps;
  }

  synchronized void end(long lookUp) {
    underWay.remove(lookUp);
    forget();
  }

  /** A chunk has met these. */
  synchronized void met(Set<String> met) {
    hashes.addAll(met);
  }

  /** The ledger knows these: look-ups that begin now will see them. */
  synchronized void told(Set<String> met) {
    told.add(new Told(lookUps, met));
    forget();
  }

  private void forget() {
    long oldest = underWay.isEmpty() ? Long.MAX_VALUE : underWay.first();
    while (!told.isEmpty() && told.peek().lastLookUp() < oldest) {
      hashes.removeAll(told.remove().hashes());
    }
  }

  synchronized Set<String> all() {
    return Set.copyOf(hashes);
  }
}
