package dev.caravan.simulator;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Passes so many bytes on and cuts the connection then. */
final class CutStream extends FilterOutputStream {
  private final boolean reset;
  private int left;

  CutStream(OutputStream out, int bytes, boolean reset) {
    super(out);
    this.left = bytes;
    this.reset = reset;
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int passed = Math.min(left, length);
    out.write(bytes, offset, passed);
    left -= passed;
    if (left == 0) {
      out.flush();
      throw new ConnectionCut(reset);
    }
  }
}
