package dev.caravan;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads that work on chunks side by side, for the Splitters of the routes. */
final class Workers {
  private Workers() {}

  /**
   * So many threads, which go when they have nothing to do. Camel's Splitter hands over the next
   * chunk when a thread takes up the one before, so at most one task waits, and has read nothing
   * yet: back-pressure to the source, and no more chunks in memory than threads.
   */
  static ExecutorService of(String name, int count) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            count,
            count,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, name);
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }
}
