package dev.caravan.simulator;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a simulator starts; every {@code with…} answers a changed copy of {@link #defaults()}.
 *
 * @param host address to bind
 * @param port port to bind, 0 for a free one
 * @param workspaces accepted API keys, each with its workspace id; empty: every key is accepted,
 *     all in one workspace
 * @param spool folder for bodies and results, emptied of them on close; null: a temporary folder
 * @param processing how long a batch is {@code in_progress}, by the simulator's clock
 * @param canceling how long a batch is {@code canceling}, by the simulator's clock
 * @param incrementalCounts whether request_counts move while a batch runs; false as the API does
 * @param maxPage most entries of a list page, whatever {@code limit} asks for
 * @param retryAfter seconds told by {@code retry-after} on an unfinished batch
 * @param shuffled whether results come in another order than the requests
 * @param maxBody bytes of a create body from which it is 413
 * @param clock the time of everything the simulator says
 */
public record SimulatorOptions(
    String host,
    int port,
    Map<String, String> workspaces,
    @Nullable Path spool,
    Duration processing,
    Duration canceling,
    boolean incrementalCounts,
    int maxPage,
    int retryAfter,
    boolean shuffled,
    long maxBody,
    MovableClock clock) {

  /** Loopback, a free port, any key, 2 s of processing, limits as the API has them. */
  public static SimulatorOptions defaults() {
    return new SimulatorOptions(
        "127.0.0.1",
        0,
        Map.of(),
        null,
        Duration.ofSeconds(2),
        Duration.ofSeconds(1),
        false,
        1000,
        10,
        true,
        256L * 1024 * 1024,
        MovableClock.running());
  }

  public SimulatorOptions withAddress(String newHost, int newPort) {
    return new SimulatorOptions(
        newHost,
        newPort,
        workspaces,
        spool,
        processing,
        canceling,
        incrementalCounts,
        maxPage,
        retryAfter,
        shuffled,
        maxBody,
        clock);
  }

  public SimulatorOptions withWorkspaces(Map<String, String> workspaceOfKey) {
    return new SimulatorOptions(
        host,
        port,
        Map.copyOf(workspaceOfKey),
        spool,
        processing,
        canceling,
        incrementalCounts,
        maxPage,
        retryAfter,
        shuffled,
        maxBody,
        clock);
  }

  public SimulatorOptions withSpool(Path folder) {
    return new SimulatorOptions(
        host,
        port,
        workspaces,
        folder,
        processing,
        canceling,
        incrementalCounts,
        maxPage,
        retryAfter,
        shuffled,
        maxBody,
        clock);
  }

  public SimulatorOptions withProcessing(Duration time) {
    return new SimulatorOptions(
        host,
        port,
        workspaces,
        spool,
        time,
        canceling,
        incrementalCounts,
        maxPage,
        retryAfter,
        shuffled,
        maxBody,
        clock);
  }

  /**
   * Takes a duration as settings have it: 300ms, 5m, 1h30m.
   *
   * @throws IllegalArgumentException naming the text if it is none
   */
  public SimulatorOptions withProcessing(String time) {
    return withProcessing(Json.duration(time));
  }

  public SimulatorOptions withCanceling(Duration time) {
    return new SimulatorOptions(
        host,
        port,
        workspaces,
        spool,
        processing,
        time,
        incrementalCounts,
        maxPage,
        retryAfter,
        shuffled,
        maxBody,
        clock);
  }

  public SimulatorOptions withIncrementalCounts(boolean on) {
    return new SimulatorOptions(
        host,
        port,
        workspaces,
        spool,
        processing,
        canceling,
        on,
        maxPage,
        retryAfter,
        shuffled,
        maxBody,
        clock);
  }

  public SimulatorOptions withMaxPage(int entries) {
    return new SimulatorOptions(
        host,
        port,
        workspaces,
        spool,
        processing,
        canceling,
        incrementalCounts,
        entries,
        retryAfter,
        shuffled,
        maxBody,
        clock);
  }

  public SimulatorOptions withRetryAfter(int seconds) {
    return new SimulatorOptions(
        host,
        port,
        workspaces,
        spool,
        processing,
        canceling,
        incrementalCounts,
        maxPage,
        seconds,
        shuffled,
        maxBody,
        clock);
  }

  public SimulatorOptions withShuffled(boolean on) {
    return new SimulatorOptions(
        host,
        port,
        workspaces,
        spool,
        processing,
        canceling,
        incrementalCounts,
        maxPage,
        retryAfter,
        on,
        maxBody,
        clock);
  }

  public SimulatorOptions withMaxBody(long bytes) {
    return new SimulatorOptions(
        host,
        port,
        workspaces,
        spool,
        processing,
        canceling,
        incrementalCounts,
        maxPage,
        retryAfter,
        shuffled,
        bytes,
        clock);
  }

  public SimulatorOptions withClock(MovableClock newClock) {
    return new SimulatorOptions(
        host,
        port,
        workspaces,
        spool,
        processing,
        canceling,
        incrementalCounts,
        maxPage,
        retryAfter,
        shuffled,
        maxBody,
        newClock);
  }
}
