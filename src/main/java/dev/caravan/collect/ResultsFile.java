package dev.caravan.collect;

import dev.caravan.api.ApiResponse;
import dev.caravan.api.ApiUnreachable;
import dev.caravan.api.BatchesApi;
import dev.caravan.batch.Batch;
import dev.caravan.ledger.Batches;
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
import java.util.Objects;

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

  /** Downloads the results unless they are there; what went wrong, or an empty text. */
  String fetch(Batch batch) {
    Path file = spool.results(batch);
    if (Files.exists(file)) {
      return "";
    }
    try {
      ApiResponse answer =
          api.results(String.valueOf(batch.msgbatchId()), body -> save(body, file));
      if (answer.status() != 200) {
        return answer.errorText();
      }
      batches.downloaded(
          batch.nonce(),
          batch.downloads() + 1,
          Objects.requireNonNullElse(batch.downloadedAt(), clock.instant()));
      return "";
    } catch (ApiUnreachable e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static void save(InputStream body, Path file) throws IOException {
    Path part = Spool.create(file.resolveSibling(file.getFileName() + ".part"));
    try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE);
        OutputStream out = Channels.newOutputStream(channel)) {
      copy(body, out);
      channel.force(true);
    }
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Spool.syncFolder(file);
  }

  /** A disk that is full is not a failure of the API, whose calls the breaker counts. */
  private static void copy(InputStream body, OutputStream out) throws IOException {
    byte[] part = new byte[64 * 1024];
    for (int n = body.read(part); n >= 0; n = body.read(part)) {
      try {
        out.write(part, 0, n);
      } catch (IOException e) {
        throw new SpoolFailed("The results could not be written: " + e.getMessage(), e);
      }
    }
  }

  /** Forgets a file that was not complete. */
  void drop(Batch batch) {
    Spool.delete(spool.results(batch));
  }
}
