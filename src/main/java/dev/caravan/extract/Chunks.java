package dev.caravan.extract;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.camel.Body;
import org.apache.camel.Variable;
import org.jspecify.annotations.Nullable;

/** Rows in chunks, read as they are needed; ends early once the run has all it was asked for. */
public final class Chunks {
  private final int size;

  /** {@code size} in rows. */
  public Chunks(int size) {
    this.size = size;
  }

  public Iterator<List<Object>> of(
      @Body Iterator<?> rows, @Variable("extraction") Extraction extraction) {
    return new Iterator<>() {
      private @Nullable Boolean more;

      // decided once for each chunk: Camel's Splitter takes a no after a yes for the end of it all,
      // and goes on in its route while chunks are still in hand
      @Override
      public boolean hasNext() {
        if (more == null) {
          more = !extraction.hasEnough() && rows.hasNext();
        }
        return more;
      }

      @Override
      public List<Object> next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        more = null;
        List<Object> chunk = new ArrayList<>();
        while (chunk.size() < size && !extraction.hasEnough() && rows.hasNext()) {
          chunk.add(rows.next());
        }
        extraction.chunks().read();
        return chunk;
      }
    };
  }
}
