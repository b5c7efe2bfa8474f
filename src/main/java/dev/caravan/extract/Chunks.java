package dev.caravan.extract;

import java.util.Iterator;
import java.util.List;
import org.apache.camel.Body;
import org.apache.camel.Variable;

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
      @Override
      public boolean hasNext() {
        return !extraction.hasEnough() && rows.hasNext();
      }

      @Override
      public List<Object> next() {
        List<Object> chunk = new java.util.ArrayList<>();
        while (chunk.size() < size && rows.hasNext()) {
          chunk.add(rows.next());
        }
        return chunk;
      }
    };
  }
}
