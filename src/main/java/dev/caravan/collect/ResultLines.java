package dev.caravan.collect;

import dev.caravan.batch.Batch;
import dev.caravan.spool.Spool;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.camel.Variable;
import org.jspecify.annotations.Nullable;

/** The Splitter's expression: the lines of a results file in chunks, read as they are needed. */
public final class ResultLines {
  private static final long MOST_BYTES = 4_000_000;

  private final Spool spool;
  private final int chunk;

  /** {@code chunk} in lines; a chunk also ends after some 4 MB. */
  public ResultLines(Spool spool, int chunk) {
    this.spool = spool;
    this.chunk = chunk;
  }

  public Iterator<List<ResultLine>> of(@Variable("batch") Batch batch) throws IOException {
    return new Chunks(Files.newInputStream(spool.results(batch)));
  }

  private final class Chunks implements Iterator<List<ResultLine>>, Closeable {
    private final FileLines lines;
    private @Nullable ResultLine next;

    Chunks(InputStream file) {
      this.lines = new FileLines(file);
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
      List<ResultLine> chunkLines = new ArrayList<>();
      long bytes = 0;
      while (next != null && chunkLines.size() < chunk && bytes < MOST_BYTES) {
        chunkLines.add(next);
        bytes += next.length();
        next = read();
      }
      return chunkLines;
    }

    private @Nullable ResultLine read() {
      try {
        ResultLine line = lines.next();
        if (line == null) {
          close();
        }
        return line;
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot read the results: " + e.getMessage(), e);
      }
    }

    @Override
    public void close() throws IOException {
      lines.close();
    }
  }
}
