package dev.caravan.spool;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** A file of request lines being written; not thread-safe. */
final class RequestFile implements Closeable {
  private static final int BUFFER = 1 << 16;

  private final Path path;
  private final FileChannel channel;
  private final OutputStream out;
  private long bytes;

  RequestFile(Path path) throws IOException {
    this.path = Spool.create(path);
    this.channel = FileChannel.open(path, StandardOpenOption.WRITE);
    this.out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER);
  }

  Path path() {
    return path;
  }

  /** Bytes appended so far, line ends included. */
  long bytes() {
    return bytes;
  }

  /** Appends a line, in parts, and returns the offset of its first byte. */
  long append(List<byte[]> line) throws IOException {
    long offset = bytes;
    for (byte[] part : line) {
      out.write(part);
      bytes += part.length;
    }
    out.write('\n');
    bytes++;
    return offset;
  }

  /** Closes the file with every line on disk. */
  void sync() throws IOException {
    out.flush();
    channel.force(true);
    close();
    Spool.syncFolder(path);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
