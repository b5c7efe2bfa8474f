package dev.caravan.simulator;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The six operations on Message Batches. */
final class BatchEndpoints {
  private final Batches batches;
  private final SimulatorOptions options;

  BatchEndpoints(Batches batches, SimulatorOptions options) {
    this.batches = batches;
    this.options = options;
  }

  Reply create(Call call, Access access, Fault.@Nullable OfCall fault) throws IOException {
    // whatever fault gets here lets the call take effect and its answer be lost
    boolean lost = fault != null;
    Duration late = fault instanceof Fault.AcceptLate late1 ? late1.delay() : Duration.ZERO;
    StoredBatch batch =
        batches.create(call.body(), access, new StoredBatch.Origin(lost, false), late);
    return reply(call, batch, batch.life().createdAt());
  }

  Reply list(Call call, Access access) {
    Instant now = batches.now();
    List<StoredBatch> all = batches.listed(access);
    return Reply.json(
        Page.of(
            all,
            call,
            options.maxPage(),
            StoredBatch::id,
            batch -> batch.json(now, call.baseUrl(), batches.settler())));
  }

  Reply retrieve(Call call, String id, Access access) {
    StoredBatch batch = batches.find(id, access);
    Instant now = batches.now();
    Reply reply = reply(call, batch, now);
    return batch.life().isEnded(now)
        ? reply
        : reply.with(Map.of("retry-after", String.valueOf(options.retryAfter())));
  }

  Reply cancel(Call call, String id, Access access) {
    StoredBatch batch = batches.find(id, access);
    Instant now = batches.now();
    batch.cancel(now);
    return reply(call, batch, now);
  }

  Reply delete(String id, Access access) throws IOException {
    StoredBatch batch = batches.find(id, access);
    if (!batch.life().isEnded(batches.now())) {
      throw ApiError.invalid(
          "In progress batches cannot be deleted. Consider canceling the batch instead.");
    }
    batch.delete();
    return Reply.json(Json.object().put("id", id).put("type", "message_batch_deleted"));
  }

  Reply results(String id, Access access) {
    StoredBatch batch = batches.find(id, access);
    Instant now = batches.now();
    Lifecycle life = batch.life();
    boolean there = life.isEnded(now) && now.isBefore(life.archivedAt());
    if (!there || batch.hidesResults()) {
      throw ApiError.notFound("Message Batch " + id + " has no available results.");
    }
    Path file = batch.settled(batches.settler()).results();
    Optional<Fault.CutResults> cut = batch.download();
    return new Reply(
        200,
        Map.of(),
        "application/x-jsonl",
        cut.isPresent() ? out -> serveCut(file, out, cut.get()) : out -> Files.copy(file, out));
  }

  private Reply reply(Call call, StoredBatch batch, Instant now) {
    return Reply.json(batch.json(now, call.baseUrl(), batches.settler()));
  }

  private static void serveCut(Path file, OutputStream out, Fault.CutResults cut)
      throws IOException {
    int lines = cut.lines() == null ? Integer.MAX_VALUE : cut.lines();
    long bytes = cut.bytes() == null ? Long.MAX_VALUE : cut.bytes();
    try (InputStream in = Files.newInputStream(file)) {
      byte[] all = in.readNBytes((int) Math.min(bytes, Integer.MAX_VALUE - 8));
      int end = 0;
      for (int seen = 0; end < all.length && seen < lines; end++) {
        seen += all[end] == '\n' ? 1 : 0;
      }
      out.write(all, 0, end);
      out.flush();
    }
    throw new ConnectionCut();
  }
}
