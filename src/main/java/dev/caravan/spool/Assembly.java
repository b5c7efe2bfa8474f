package dev.caravan.spool;

import dev.caravan.batch.Reasons;
import dev.caravan.batch.Run;
import dev.caravan.batch.Unaccepted;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One stream of request lines into batches of one run: where the files go, how large a batch may
 * be, and the batch that is open now. Its locks are the assembler's: itself for who writes, and
 * {@link #telling}, which is taken after it, for who tells the ledger.
 */
public final class Assembly {
  private final Run run;
  private final String folder;
  private final int maxRequests;
  private final long maxBytes;
  private final Unaccepted before;
  private volatile @Nullable OpenBatch open;
  private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
  private final AtomicInteger requests = new AtomicInteger();
  private final Object telling = new Object();

  /** {@code folder} is relative to spool.dir; {@code maxBytes} is the size of a POST body. */
  public Assembly(Run run, String folder, int maxRequests, long maxBytes) {
    this(run, folder, maxRequests, maxBytes, Unaccepted.NONE);
  }

  /** The same, of records that were posted {@code before}. */
  public Assembly(Run run, String folder, int maxRequests, long maxBytes, Unaccepted before) {
    this.run = run;
    this.folder = folder;
    this.maxRequests = maxRequests;
    this.maxBytes = maxBytes;
    this.before = before;
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

  Unaccepted before() {
    return before;
  }

  /** Requests written so far, over all batches. */
  public int requests() {
    return requests.get();
  }

  /** The batch that takes the next line; null before the first, and when the last one is ready. */
  @Nullable OpenBatch open() {
    return open;
  }

  void open(@Nullable OpenBatch batch) {
    open = batch;
  }

  Object telling() {
    return telling;
  }

  /** It broke off: chunks under way must not write on, nor begin another batch. */
  void close(Throwable why) {
    failure.compareAndSet(
        null,
        why instanceof RuntimeException unchecked
            ? unchecked
            : new IllegalStateException(Reasons.of(why), why));
  }

  /** What failed first is what every chunk fails with. */
  void checkOpen() {
    RuntimeException first = failure.get();
    if (first != null) {
      throw first;
    }
  }

  void written() {
    requests.incrementAndGet();
  }
}
