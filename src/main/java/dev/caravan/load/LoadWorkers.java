package dev.caravan.load;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The threads that judge and load chunks. */
public final class LoadWorkers {
  private LoadWorkers() {}

  /**
   * As many threads, which go when they have nothing to do. Camel's Splitter hands over the next
   * chunk when a thread takes up the one before, so at most one task waits, and reads nothing yet.
   */
  public static ExecutorService of(int workers) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            workers,
            workers,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            LoadWorkers::thread);
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "load");
    thread.setDaemon(true);
    return thread;
  }
}
