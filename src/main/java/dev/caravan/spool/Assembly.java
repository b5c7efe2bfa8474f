package dev.caravan.spool;

import dev.caravan.batch.Run;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

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
  private final Set<OpenBatch> open = new LinkedHashSet<>();
  private int requests;
  private boolean broken;

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
    return open.isEmpty();
  }

  List<OpenBatch> open() {
    return List.copyOf(open);
  }

  /** No batch may be opened any more: the stream broke off. */
  void breakOff() {
    broken = true;
  }

  void opened(OpenBatch batch) {
    if (broken) {
      throw new SpoolFailed("The stream of run " + run.id() + " broke off", null);
    }
    // the Aggregator gets a full batch ready only after the line that did not fit has its own
    if (open.size() > 1) {
      throw new SpoolFailed(
          "Batch " + open.iterator().next().nonce() + " could not be completed", null);
    }
    open.add(batch);
  }

  void written() {
    requests++;
  }

  void closed(OpenBatch batch) {
    open.remove(batch);
  }
}
