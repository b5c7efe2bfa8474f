package dev.caravan.spool;

import dev.caravan.batch.Written;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A batch whose spool file is being written, with the lines the ledger has not been told of yet.
 */
public final class OpenBatch {
  /** What a POST body holds besides the lines, in bytes. */
  static final int WRAPPER = "{\"requests\":[]}".getBytes(StandardCharsets.UTF_8).length;

  private final Assembly assembly;
  private final String nonce;
  private final RequestFile file;
  private final int most;
  private final Queue<Written> untold = new ConcurrentLinkedQueue<>();
  private int requests;
  private boolean sealed;

  /** {@code most} is how many requests this batch takes. */
  OpenBatch(Assembly assembly, String nonce, RequestFile file, int most) {
    this.assembly = assembly;
    this.nonce = nonce;
    this.file = file;
    this.most = most;
  }

  public String nonce() {
    return nonce;
  }

  public int requests() {
    return requests;
  }

  /** Bytes of the POST body; lines are joined by commas, which take the room of their line ends. */
  public long bodyBytes() {
    return file.bytes() - 1 + WRAPPER;
  }

  Assembly assembly() {
    return assembly;
  }

  /** Closes the file with every line on disk. */
  void seal() throws IOException {
    file.sync();
    sealed = true;
  }

  /**
   * Closes the file for good. Once sealed it stays: when the answer of the database was lost, the
   * batch may be ready; else the file goes with its entry in the ledger.
   */
  void drop() {
    try {
      file.close();
    } catch (IOException e) {
      // the file is dropped anyway
    }
    if (!sealed) {
      Spool.delete(file.path());
    }
  }

  /** Appends a line where it fits; false, and nothing is written, where it does not. */
  boolean append(RequestLine line) throws IOException {
    String customId = line.customId(assembly.run().job(), nonce);
    List<byte[]> json = line.json(customId);
    int length = json.stream().mapToInt(part -> part.length).sum();
    // the first line always fits: a request that is too large by itself never gets here
    boolean fits = requests < most && bodyBytes() + length + 1 <= assembly.maxBytes();
    if (!fits && requests > 0) {
      return false;
    }
    long offset = file.append(json);
    untold.add(
        new Written(
            nonce,
            line.claim(),
            customId,
            line.model(),
            line.maxTokens(),
            line.schemaHash(),
            offset,
            length));
    requests++;
    assembly.written();
    return true;
  }

  /** Lines that the ledger does not know yet; others may be written meanwhile. */
  List<Written> takeUntold() {
    List<Written> lines = new ArrayList<>();
    for (Written line = untold.poll(); line != null; line = untold.poll()) {
      lines.add(line);
    }
    return lines;
  }
}
