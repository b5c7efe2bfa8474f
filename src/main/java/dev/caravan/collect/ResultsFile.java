package dev.caravan.collect;

import dev.caravan.api.ApiResponse;
import dev.caravan.api.ApiUnreachable;
import dev.caravan.api.BatchesApi;
import dev.caravan.batch.Batch;
import dev.caravan.ledger.Batches;
import dev.caravan.spool.Spool;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** The results of a batch on disk: downloaded to {@code .part}, made durable, renamed. */
public final class ResultsFile {
  private final BatchesApi api;
  private final Batches batches;
  private final Spool spool;
  private final Clock clock;

  public ResultsFile(BatchesApi api, Batches batches, Spool spool, Clock clock) {
    this.api = api;
    this.batches = batches;
    this.spool = spool;
    this.clock = clock;
  }

  /** Why the results can't be had, and for how long not to ask for them again. */
  record Problem(String text, Duration retryAfter) {}

  /** Downloads the results unless they are there; what went wrong, if anything. */
  Optional<Problem> fetch(Batch batch) {
    Path file = spool.results(batch);
    if (Files.exists(file)) {
      return Optional.empty();
    }
    try {
      ApiResponse answer =
          api.results(String.valueOf(batch.msgbatchId()), body -> save(body, file));
      if (answer.status() != 200) {
        return Optional.of(
            new Problem(answer.errorText(), answer.retryAfter().orElse(Duration.ZERO)));
      }
      batches.downloaded(
          batch.nonce(),
          batch.downloads() + 1,
          Objects.requireNonNullElse(batch.downloadedAt(), clock.instant()));
      return Optional.empty();
    } catch (ApiUnreachable e) {
      return Optional.of(new Problem(String.valueOf(e.getMessage()), Duration.ZERO));
    }
  }

  private static void save(InputStream body, Path file) throws IOException {
    Path part = Spool.create(file.resolveSibling(file.getFileName() + ".part"));
    try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE);
        OutputStream out = Channels.newOutputStream(channel)) {
      body.transferTo(out);
      channel.force(true);
    }
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Spool.syncFolder(file);
  }

  /** Forgets a file that was not complete. */
  void drop(Batch batch) {
    Spool.delete(spool.results(batch));
  }
}
