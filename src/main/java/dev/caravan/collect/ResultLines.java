package dev.caravan.collect;

import dev.caravan.batch.Batch;
import dev.caravan.spool.Spool;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.camel.Variable;
import org.jspecify.annotations.Nullable;

/** The Splitter's expression: the lines of a results file in chunks, read as they are needed. */
public final class ResultLines {
  private static final long MOST_BYTES = 16_000_000;

  private final Spool spool;
  private final int chunk;

  /** {@code chunk} in lines; a chunk also ends after some 16 MB. */
  public ResultLines(Spool spool, int chunk) {
    this.spool = spool;
    this.chunk = chunk;
  }

  public Iterator<List<ResultLine>> of(@Variable("batch") Batch batch) throws IOException {
    return new Chunks(Files.newInputStream(spool.results(batch)));
  }

  private final class Chunks implements Iterator<List<ResultLine>>, Closeable {
    private final InputStream in;
    private long offset;
    private @Nullable ResultLine next;

    Chunks(InputStream file) {
      this.in = new BufferedInputStream(file, 1 << 16);
      this.next = read();
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public List<ResultLine> next() {
      if (next == null) {
        throw new NoSuchElementException();
      }
      List<ResultLine> lines = new ArrayList<>();
      long bytes = 0;
      while (next != null && lines.size() < chunk && bytes < MOST_BYTES) {
        lines.add(next);
        bytes += next.length();
        next = read();
      }
      return lines;
    }

    /** The next line that is not empty; null, and the file closed, at its end. */
    private @Nullable ResultLine read() {
      try {
        while (true) {
          ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
          long start = offset;
          int c = in.read();
          while (c >= 0 && c != '\n') {
            line.write(c);
            c = in.read();
          }
          offset += line.size() + (c < 0 ? 0 : 1);
          if (line.size() > 0) {
            return new ResultLine(start, line.size(), text(line.toByteArray()));
          }
          if (c < 0) {
            close();
            return null;
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot read the results: " + e.getMessage(), e);
      }
    }

    private static @Nullable String text(byte[] line) {
      try {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
      } catch (CharacterCodingException e) {
        return null;
      }
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
