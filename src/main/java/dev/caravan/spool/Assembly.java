package dev.caravan.spool;

import dev.caravan.batch.Run;
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
  private @Nullable OpenBatch open;
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
    return open == null;
  }

  @Nullable OpenBatch open() {
    return open;
  }

  void opened(OpenBatch batch) {
    if (open != null) {
      throw new SpoolFailed("Batch " + open.nonce() + " could not be completed", null);
    }
    open = batch;
  }

  void written() {
    requests++;
  }

  void closed() {
    open = null;
  }
}
