package dev.caravan.collect;

import dev.caravan.api.ApiResponse;
import dev.caravan.api.ApiUnreachable;
import dev.caravan.api.BatchesApi;
import dev.caravan.batch.Batch;
import dev.caravan.batch.Reasons;
import dev.caravan.ledger.Batches;
import dev.caravan.ledger.TakenOver;
import dev.caravan.spool.FreeSpace;
import dev.caravan.spool.Spool;
import dev.caravan.spool.SpoolFailed;
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
import java.util.UUID;

/**
 * The results of a batch on disk: downloaded to {@code .part}, made durable, renamed. What a
 * download lacked, a later one adds below: places of lines in the file never change.
 */
public final class ResultsFile {
  private final BatchesApi api;
  private final Batches batches;
  private final Spool spool;
  private final FreeSpace space;
  private final Clock clock;

  public ResultsFile(BatchesApi api, Batches batches, Spool spool, FreeSpace space, Clock clock) {
    this.api = api;
    this.batches = batches;
    this.spool = spool;
    this.space = space;
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
      space.check();
      ApiResponse answer =
          api.results(String.valueOf(batch.msgbatchId()), body -> save(body, batch));
      if (answer.status() != 200) {
        return Optional.of(
            new Problem(answer.errorText(), answer.retryAfter().orElse(Duration.ZERO)));
      }
      batches.downloaded(
          batch.nonce(),
          batch.downloads() + 1,
          Objects.requireNonNullElse(batch.downloadedAt(), clock.instant()));
      return Optional.empty();
    } catch (ApiUnreachable | SpoolFailed e) {
      return Optional.of(new Problem(Reasons.of(e), Duration.ZERO));
    }
  }

  private void save(InputStream body, Batch batch) throws IOException {
    Path part = created(batch);
    try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE);
        OutputStream out = Channels.newOutputStream(channel)) {
      Path before = spool.incomplete(batch);
      if (Files.exists(before)) {
        Files.copy(before, out);
        out.write('\n');
      }
      copy(body, out);
      channel.force(true);
      accept(part, batch);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private Path created(Batch batch) {
    try {
      return Spool.create(spool.part(batch, UUID.randomUUID().toString()));
    } catch (IOException e) {
      throw new SpoolFailed("The results could not be written: " + Reasons.of(e), e);
    }
  }

  /** Another process may have taken the batch over meanwhile, and be reading a file of its own. */
  private void accept(Path part, Batch batch) throws IOException {
    if (!batches.lease(batch.nonce())) {
      throw new TakenOver("Batch " + batch.nonce() + " was taken over while it was downloaded");
    }
    Path file = spool.results(batch);
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Spool.syncFolder(file);
    Files.deleteIfExists(spool.incomplete(batch));
  }

  /** A disk that is full is not a failure of the API, whose calls the breaker counts. */
  private static void copy(InputStream body, OutputStream out) throws IOException {
    byte[] part = new byte[64 * 1024];
    for (int n = body.read(part); n >= 0; n = body.read(part)) {
      try {
        out.write(part, 0, n);
      } catch (IOException e) {
        throw new SpoolFailed("The results could not be written: " + Reasons.of(e), e);
      }
    }
  }

  /**
   * Sets a file aside that lacks lines: the next download goes below what it has. One in which
   * {@code nothing} is of the batch is forgotten.
   */
  void again(Batch batch, boolean nothing) {
    if (nothing) {
      Spool.delete(spool.results(batch));
    } else if (Files.exists(spool.results(batch))) {
      Spool.move(spool.results(batch), spool.incomplete(batch));
    }
  }
}
