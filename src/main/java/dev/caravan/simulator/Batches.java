package dev.caravan.simulator;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Every batch the simulator has accepted, by workspace, as the clock shows it. */
final class Batches {
  private final List<StoredBatch> all = new ArrayList<>();
  private final SimulatorOptions options;
  private final Path folder;
  private final FaultPlan faults;
  private final Settler settler;

  Batches(SimulatorOptions options, Path folder, FaultPlan faults, Settler settler) {
    this.options = options;
    this.folder = folder;
    this.faults = faults;
    this.settler = settler;
  }

  Instant now() {
    return options.clock().instant();
  }

  Settler settler() {
    return settler;
  }

  /**
   * Reads a create's body and accepts the batch.
   *
   * @param late how long after now it comes into being
   * @throws ApiError 400 with the API's text; then nothing is kept
   */
  StoredBatch create(InputStream body, Access access, StoredBatch.Origin origin, Duration late)
      throws IOException {
    Path file = Files.createTempFile(folder, "batch-", ".requests.jsonl");
    try (Spool.Writer writer = new Spool.Writer(file)) {
      CreateBody.read(body, writer);
      return accept(writer.done(), access, origin, late);
    }
  }

  private synchronized StoredBatch accept(
      Spool spool, Access access, StoredBatch.Origin origin, Duration late) {
    List<Fault.OfBatch> hits = origin.foreign() ? List.of() : faults.ofBatch();
    StoredBatch batch =
        new StoredBatch(
            spool,
            access,
            origin,
            hits,
            new Lifecycle(
                now().plus(late), processing(hits), null, options.canceling(), overdue(hits)),
            options.incrementalCounts());
    all.add(batch);
    return batch;
  }

  private Duration processing(List<Fault.OfBatch> hits) {
    Duration processing = options.processing();
    for (Fault.OfBatch fault : hits) {
      if (fault instanceof Fault.Slow slow) {
        processing = slow.processing();
      } else if (fault instanceof Fault.NeverEnds) {
        processing = Lifecycle.RETENTION;
      } else if (fault instanceof Fault.Overdue) {
        processing = Lifecycle.RETENTION;
      }
    }
    return processing;
  }

  private static Duration overdue(List<Fault.OfBatch> hits) {
    return hits.stream()
        .filter(Fault.Overdue.class::isInstance)
        .map(fault -> ((Fault.Overdue) fault).lasting())
        .findFirst()
        .orElse(Duration.ZERO);
  }

  /**
   * The batch of this id that the caller may see now.
   *
   * @throws ApiError 404 in the API's words
   */
  synchronized StoredBatch find(String id, Access access) {
    return all.stream()
        .filter(batch -> batch.id().equals(id))
        .filter(batch -> batch.access().workspace().equals(access.workspace()))
        .filter(batch -> batch.isFound(now()))
        .findFirst()
        .orElseThrow(() -> ApiError.notFound("Message Batch " + id + " not found."));
  }

  /** What the caller's workspace has, newest first. */
  synchronized List<StoredBatch> listed(Access access) {
    List<StoredBatch> newestFirst = new ArrayList<>();
    for (StoredBatch batch : all) {
      if (batch.access().workspace().equals(access.workspace()) && batch.isListed(now())) {
        newestFirst.add(0, batch);
      }
    }
    newestFirst.sort(
        Comparator.comparing((StoredBatch batch) -> batch.life().createdAt()).reversed());
    return newestFirst;
  }

  /**
   * Gives every custom_id of a batch, whoever may see it.
   *
   * @throws IllegalArgumentException if there is no such batch
   */
  List<String> customIds(String id) {
    List<String> customIds = new ArrayList<>();
    try {
      stored(id).spool().customIds(customIds::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return customIds;
  }

  synchronized StoredBatch stored(String id) {
    return all.stream()
        .filter(batch -> batch.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there never was a batch " + id));
  }

  List<Books.Batch> booked() {
    return snapshot().stream().map(batch -> batch.booked(now(), settler)).toList();
  }

  Map<String, Usage> billed() {
    Map<String, Usage> billed = new TreeMap<>();
    for (StoredBatch batch : snapshot()) {
      if (batch.life().isEnded(now())) {
        batch.settled(settler).billed().forEach((m, usage) -> billed.merge(m, usage, Usage::plus));
      }
    }
    return billed;
  }

  BigDecimal billedUsd() {
    return snapshot().stream()
        .filter(batch -> batch.life().isEnded(now()))
        .map(batch -> batch.settled(settler).usd())
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private synchronized List<StoredBatch> snapshot() {
    return List.copyOf(all);
  }
}
