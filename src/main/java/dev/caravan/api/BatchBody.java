package dev.caravan.api;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;

/**
 * The body of a create POST, streamed from a file of request lines: an object whose array {@code
 * requests} has the lines. Its length is known. It is posted once, whatever a route or a client
 * would do with it (R3): a second try fails before anything leaves.
 */
public final class BatchBody extends AbstractHttpEntity {
  private static final byte[] HEAD = "{\"requests\":[".getBytes(StandardCharsets.UTF_8);
  private static final byte[] TAIL = "]}".getBytes(StandardCharsets.UTF_8);

  private static final int BUFFER = 1 << 16;

  private final Path lines;
  private final long length;
  private final AtomicBoolean posted = new AtomicBoolean();
  private final AtomicBoolean opened = new AtomicBoolean();

  public BatchBody(Path lines) throws IOException {
    super(ContentType.APPLICATION_JSON, null);
    this.lines = lines;
    this.length = Files.size(lines) - 1 + HEAD.length + TAIL.length;
  }

  /**
   * Its one POST begins.
   *
   * @throws AlreadyPosted when it has begun before
   */
  void post() throws AlreadyPosted {
    once(posted);
  }

  private static void once(AtomicBoolean done) throws AlreadyPosted {
    if (done.getAndSet(true)) {
      throw new AlreadyPosted("a batch is posted once; what came of its POST is not known");
    }
  }

  @Override
  public long getContentLength() {
    return length;
  }

  @Override
  public boolean isRepeatable() {
    return false;
  }

  @Override
  public boolean isStreaming() {
    return true;
  }

  @Override
  public InputStream getContent() throws IOException {
    once(opened);
    InputStream body = new BufferedInputStream(Files.newInputStream(lines), BUFFER);
    return new SequenceInputStream(
        Collections.enumeration(
            List.of(
                new java.io.ByteArrayInputStream(HEAD),
                new JoinedLines(body),
                new java.io.ByteArrayInputStream(TAIL))));
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    byte[] part = new byte[BUFFER];
    try (InputStream content = getContent()) {
      for (int n = content.read(part); n >= 0; n = content.read(part)) {
        out.write(part, 0, n);
      }
    }
  }

  @Override
  public void close() {
    // every stream is closed where it is read
  }

  /** Lines with commas for line ends; the last line end is left out. */
  private static final class JoinedLines extends java.io.FilterInputStream {
    JoinedLines(InputStream lines) {
      super(lines);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int max) throws IOException {
      int count = in.read(buffer, offset, max);
      if (count <= 0) {
        return count;
      }
      for (int i = offset; i < offset + count; i++) {
        if (buffer[i] == '\n') {
          buffer[i] = ',';
        }
      }
      boolean atEnd = buffer[offset + count - 1] == ',' && peekEnd();
      return atEnd ? (count == 1 ? -1 : count - 1) : count;
    }

    private boolean peekEnd() throws IOException {
      in.mark(1);
      int next = in.read();
      if (next < 0) {
        return true;
      }
      in.reset();
      return false;
    }
  }
}
