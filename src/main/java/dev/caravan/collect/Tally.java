package dev.caravan.collect;

import java.util.BitSet;

/** Which requests of a batch have had a line so far, and how many lines were of no use. */
public final class Tally {
  private final BitSet seen = new BitSet();
  private int strays;

  /** True the first time a number comes up. */
  boolean firstOf(int n) {
    boolean first = !seen.get(n);
    seen.set(n);
    return first;
  }

  void stray() {
    strays++;
  }

  /** {@code expected} when that is no fault of the API. */
  void repeated(boolean expected) {
    strays += expected ? 0 : 1;
  }

  public int strays() {
    return strays;
  }

  public int lines() {
    return seen.cardinality();
  }
}
