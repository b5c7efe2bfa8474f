package dev.caravan.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One accepted batch: what it was sent, what its faults are, and how it came out. */
final class StoredBatch {
  private final String id = Ids.of("msgbatch");
  private final Spool spool;
  private final Access access;
  private final Origin origin;
  private final List<Fault.OfBatch> faults;
  private final boolean incremental;
  private Lifecycle life;
  private @Nullable Settlement settlement;
  private boolean deleted;
  private int downloads;
  private int looks;

  /**
   * How it came to be.
   *
   * @param answerLost whether its create was never answered with its id
   * @param foreign whether nobody sent it: another tool's batch
   */
  record Origin(boolean answerLost, boolean foreign) {}

  StoredBatch(
      Spool spool,
      Access access,
      Origin origin,
      List<Fault.OfBatch> faults,
      Lifecycle life,
      boolean incremental) {
    this.spool = spool;
    this.access = access;
    this.origin = origin;
    this.faults = faults;
    this.life = life;
    this.incremental = incremental;
  }

  String id() {
    return id;
  }

  Spool spool() {
    return spool;
  }

  Access access() {
    return access;
  }

  synchronized Lifecycle life() {
    return life;
  }

  <T extends Fault.OfBatch> Optional<T> fault(Class<T> kind) {
    return faults.stream().filter(kind::isInstance).map(kind::cast).findFirst();
  }

  /** Whether it exists yet and still, for calls by its id. */
  synchronized boolean isFound(Instant now) {
    Duration hidden = fault(Fault.Hidden.class).map(Fault.Hidden::lasting).orElse(Duration.ZERO);
    return isListed(now) && !now.isBefore(life.createdAt().plus(hidden));
  }

  synchronized boolean isListed(Instant now) {
    return !deleted && !now.isBefore(life.createdAt());
  }

  synchronized void cancel(Instant now) {
    if (life.canceledAt() == null && !life.isEnded(now)) {
      life = life.canceled(now);
      settlement = null;
    }
  }

  synchronized void delete() throws IOException {
    deleted = true;
    if (settlement != null) {
      Files.deleteIfExists(settlement.results());
    }
  }

  /** The outcome, worked out by {@code settler} at the first look after the end. */
  synchronized Settlement settled(Settler settler) {
    if (settlement == null) {
      settlement = settler.settle(this);
    }
    return settlement;
  }

  synchronized Counts counts(Instant now, Settler settler) {
    if (life.isEnded(now)) {
      int more = fault(Fault.WrongCounts.class).map(Fault.WrongCounts::more).orElse(0);
      return settled(settler).counts(spool.size(), 1).plus(more);
    }
    return incremental
        ? settled(settler).counts(spool.size(), life.progress(now))
        : new Counts(spool.size(), 0, 0, 0, 0);
  }

  /** Whether this call for results is one of those that a fault hides them from. */
  synchronized boolean hidesResults() {
    return looks++ < fault(Fault.ResultsHidden.class).map(Fault.ResultsHidden::downloads).orElse(0);
  }

  /** The fault that cuts this download, if one does. */
  synchronized Optional<Fault.CutResults> download() {
    int nth = downloads++;
    return fault(Fault.CutResults.class).filter(cut -> nth < Math.max(1, cut.downloads()));
  }

  ObjectNode json(Instant now, String baseUrl, Settler settler) {
    Counts counts = counts(now, settler);
    Lifecycle seen = life();
    boolean ended = seen.isEnded(now);
    boolean archived = !now.isBefore(seen.archivedAt());
    String host =
        fault(Fault.ResultsElsewhere.class).map(Fault.ResultsElsewhere::host).orElse(baseUrl);
    ObjectNode json =
        Json.object()
            .put("id", id)
            .put("type", "message_batch")
            .put("processing_status", seen.status(now));
    json.set("request_counts", Json.MAPPER.valueToTree(counts));
    return json.put("ended_at", ended ? Json.time(seen.endsAt()) : null)
        .put("created_at", Json.time(seen.createdAt()))
        .put("expires_at", Json.time(seen.expiresAt()))
        .put("archived_at", archived ? Json.time(seen.archivedAt()) : null)
        .put("cancel_initiated_at", seen.canceledAt() == null ? null : Json.time(seen.canceledAt()))
        .put(
            "results_url",
            ended && !archived ? host + "/v1/messages/batches/" + id + "/results" : null);
  }

  synchronized Books.Batch booked(Instant now, Settler settler) {
    return new Books.Batch(
        id,
        access.workspace(),
        life.createdAt(),
        spool.size(),
        life.status(now),
        counts(now, settler),
        origin.answerLost(),
        origin.foreign(),
        deleted,
        downloads);
  }
}
