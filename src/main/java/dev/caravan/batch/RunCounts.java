package dev.caravan.batch;

/** What extract did with the rows it read; all but {@code read} and {@code claimed} are skips. */
public record RunCounts(
    long read, long skippedOpen, long skippedDone, long duplicateKeys, long badKeys) {

  public static final RunCounts NONE = new RunCounts(0, 0, 0, 0, 0);
}
