package dev.caravan.collect;

import dev.caravan.batch.Batch;
import dev.caravan.batch.Reasons;
import dev.caravan.spool.Spool;
import dev.caravan.spool.SpoolFile;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.camel.Variable;
import org.jspecify.annotations.Nullable;

/** The Splitter's expression: the lines of a results file in chunks, read as they are needed. */
public final class ResultLines {
  private static final long MOST_BYTES = 4_000_000;

  /**
   * A line is in memory many times at once: as bytes, text, tree, answer; and so in each worker.
   */
  private static final int TIMES = 48;

  /** Far beyond the max_tokens of any model; drivers repeat such values in their errors. */
  static final int LONGEST = 10_000_000;

  private final Spool spool;
  private final int chunk;
  private final int longest;

  /**
   * {@code chunk} in lines; a chunk also ends after some 4 MB. Lines beyond {@code longest} bytes
   * come without the content of their message.
   */
  public ResultLines(Spool spool, int chunk, int longest) {
    this.spool = spool;
    this.chunk = chunk;
    this.longest = longest;
  }

  /** The longest line to read whole, in bytes, with so many bytes of memory. */
  public static int longest(long memory) {
    return (int) Math.min(memory / TIMES, LONGEST);
  }

  public Iterator<List<ResultLine>> of(@Variable("batch") Batch batch) throws IOException {
    return new Chunks(new SpoolFile(spool.results(batch)));
  }

  /**
   * One line again, by its place.
   *
   * @throws dev.caravan.spool.LineGone when it is not in the spool any more
   * @throws dev.caravan.spool.SpoolFailed when it can't be read now
   */
  ResultLine at(Batch batch, long offset, int length) {
    SpoolFile file = new SpoolFile(spool.results(batch));
    return length > longest
        ? LongLine.outline(file, offset, length)
        : ResultLine.whole(offset, length, file.line(offset, length));
  }

  private final class Chunks implements Iterator<List<ResultLine>>, Closeable {
    private final SpoolFile file;
    private final FileLines lines;
    private @Nullable ResultLine next;

    Chunks(SpoolFile file) throws IOException {
      this.file = file;
      this.lines = new FileLines(file.from(0), longest);
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
        } else if (line.length() > longest) {
          return LongLine.outline(file, line.offset(), line.length());
        }
        return line;
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot read the results: " + Reasons.of(e), e);
      }
    }

    @Override
    public void close() throws IOException {
      lines.close();
    }
  }
}
