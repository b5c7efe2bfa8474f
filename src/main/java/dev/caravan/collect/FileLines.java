package dev.caravan.collect;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a results file that are not empty, with their places in bytes; one pass. Of a line
 * longer than {@code longest} bytes only the place is read: its text is null.
 */
final class FileLines implements Closeable {
  private static final int BUFFER = 1 << 16;

  private final InputStream in;
  private final int longest;
  private byte[] buffer = new byte[BUFFER];
  private int from;
  private int filled;
  private long offset;

  FileLines(InputStream in, int longest) {
    this.in = in;
    this.longest = longest;
  }

  /**
   * The next line, its text null where it is too long or not UTF-8; null at the end of the file.
   */
  @Nullable ResultLine next() throws IOException {
    int length = lineLength();
    while (length == 0) {
      skip(1);
      length = lineLength();
    }
    if (length < 0) {
      return null;
    }
    ResultLine line = length > longest ? passedOver() : read(length);
    skip(from < filled ? 1 : 0);
    return line;
  }

  private ResultLine read(int length) {
    ResultLine line = ResultLine.whole(offset, length, text(length));
    skip(length);
    return line;
  }

  /** Bytes up to the next line end, the end of the file, or beyond the longest; -1 at the end. */
  private int lineLength() throws IOException {
    int length = 0;
    while (true) {
      length += toLineEnd(from + length);
      if (from + length < filled || length > longest) {
        return length;
      }
      if (!more()) {
        return length == 0 ? -1 : length;
      }
    }
  }

  /** Bytes from here to the line end, or to the end of what is read. */
  private int toLineEnd(int start) {
    byte[] bytes = buffer;
    int end = filled;
    int at = start;
    while (at < end && bytes[at] != '\n') {
      at++;
    }
    return at - start;
  }

  /** Goes to the end of a line without keeping it. */
  private ResultLine passedOver() throws IOException {
    long begin = offset;
    do {
      skip(toLineEnd(from));
    } while (from == filled && more());
    int length = (int) Math.min(offset - begin, Integer.MAX_VALUE);
    return ResultLine.whole(begin, length, null);
  }

  /** Reads on behind what is left, in a buffer that grows with a long line and shrinks after it. */
  private boolean more() throws IOException {
    int left = filled - from;
    int size = left < BUFFER ? BUFFER : left == buffer.length ? 2 * left : buffer.length;
    byte[] room = size == buffer.length ? buffer : new byte[size];
    System.arraycopy(buffer, from, room, 0, left);
    buffer = room;
    from = 0;
    filled = left;
    int read = in.read(buffer, filled, buffer.length - filled);
    filled += Math.max(read, 0);
    return read > 0;
  }

  private void skip(int bytes) {
    from += bytes;
    offset += bytes;
  }

  private @Nullable String text(int length) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(buffer, from, length))
          .toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
