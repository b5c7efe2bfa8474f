package dev.caravan.collect;

import java.util.BitSet;

/**
 * Which requests of a batch have had a line so far, and how many lines were of no use; thread-safe.
 */
public final class Tally {
  private final BitSet seen = new BitSet();
  private int strays;

  /** True the first time a number comes up. */
  synchronized boolean firstOf(int n) {
    boolean first = !seen.get(n);
    seen.set(n);
    return first;
  }

  /** Whether a line answered this number. */
  synchronized boolean has(int n) {
    return seen.get(n);
  }

  synchronized void stray() {
    strays++;
  }

  /** {@code expected} when that is no fault of the API. */
  synchronized void repeated(boolean expected) {
    strays += expected ? 0 : 1;
  }

  public synchronized int strays() {
    return strays;
  }

  public synchronized int lines() {
    return seen.cardinality();
  }
}
