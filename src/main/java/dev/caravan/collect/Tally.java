package dev.caravan.collect;

import java.util.BitSet;

/**
 * Which requests of a batch have had a line so far, and how many lines were of no use; thread-safe.
 */
public final class Tally {
  private final BitSet seen = new BitSet();
  private int strays;
  private int broken;
  private int succeeded;

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

  /** {@code broken}: it was meant to be a result, but nobody can read it. */
  synchronized void stray(boolean broken) {
    strays++;
    this.broken += broken ? 1 : 0;
  }

  /** The first line of a request brought this type of result. */
  synchronized void result(String type) {
    succeeded += type.equals("succeeded") ? 1 : 0;
  }

  /**
   * How many answers the API counts as paid that stand in no line, not even one that can't be read,
   * of a file in which {@code downloads} follow each other.
   */
  synchronized int owed(int counted, int downloads) {
    return Math.max(0, counted - succeeded - broken / Math.max(1, downloads));
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
