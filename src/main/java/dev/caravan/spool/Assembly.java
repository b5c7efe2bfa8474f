package dev.caravan.spool;

import dev.caravan.batch.Run;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One stream of request lines into batches of one run: where the files go, how large a batch may
 * be, and the batch that is open now. Used by one thread.
 */
public final class Assembly {
  private final String key = UUID.randomUUID().toString();
  private final Run run;
  private final String folder;
  private final int maxRequests;
  private final long maxBytes;
  private final Set<OpenBatch> unready = new LinkedHashSet<>();
  private boolean broken;
  private @Nullable Exception failure;
  private int requests;

  /** {@code folder} is relative to spool.dir; {@code maxBytes} is the size of a POST body. */
  public Assembly(Run run, String folder, int maxRequests, long maxBytes) {
    this.run = run;
    this.folder = folder;
    this.maxRequests = maxRequests;
    this.maxBytes = maxBytes;
  }

  /** The Aggregator's correlation key. */
  public String key() {
    return key;
  }

  public Run run() {
    return run;
  }

  public String folder() {
    return folder;
  }

  public int maxRequests() {
    return maxRequests;
  }

  public long maxBytes() {
    return maxBytes;
  }

  /** Requests written so far, over all batches. */
  public int requests() {
    return requests;
  }

  /** Whether every batch that was opened got ready. */
  boolean complete() {
    return unready.isEmpty() && !broken;
  }

  Set<OpenBatch> unready() {
    return unready;
  }

  void opened(OpenBatch batch) {
    unready.add(batch);
  }

  void ready(OpenBatch batch) {
    unready.remove(batch);
  }

  /**
   * Refuses further lines once something went wrong: a batch of this assembly could not be written,
   * or did not get ready (the Aggregator opens the next batch just before the last one does, so two
   * may be unready, not three).
   */
  void checkWhole() {
    if (broken || unready.size() > 2) {
      broken = true;
      throw incomplete();
    }
  }

  /** The Aggregator does not tell the route of every error: the next line, or the end, does. */
  void failed(Exception why) {
    broken = true;
    if (failure == null) {
      failure = why;
    }
  }

  /** What failed first; a ledger that was away is not taken for a full disk. */
  RuntimeException incomplete() {
    if (failure instanceof RuntimeException known) {
      return known;
    }
    String why = failure == null ? "" : ": " + failure.getMessage();
    return new SpoolFailed("A batch of run " + run.id() + " could not be completed" + why, failure);
  }

  void broken() {
    broken = true;
  }

  void written() {
    requests++;
  }
}
