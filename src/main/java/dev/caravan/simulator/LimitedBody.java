package dev.caravan.simulator;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A body that is 413 as soon as more than its limit was read. */
final class LimitedBody extends FilterInputStream {
  private long left;

  LimitedBody(InputStream in, long limit) {
    super(in);
    this.left = limit;
  }

  @Override
  public int read() throws IOException {
    int next = super.read();
    count(next < 0 ? 0 : 1);
    return next;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int read = super.read(target, offset, length);
    count(Math.max(0, read));
    return read;
  }

  private void count(int read) {
    left -= read;
    if (left < 0) {
      throw ApiError.of(413);
    }
  }
}
