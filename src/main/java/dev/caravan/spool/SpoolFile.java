package dev.caravan.spool;

import java.io.EOFException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** A file of lines that may be compressed by now; places in it are those of the plain file. */
public record SpoolFile(Path plain) {
  private static final int BUFFER = 1 << 16;

  private Path compressed() {
    return plain.resolveSibling(plain.getFileName() + ".gz");
  }

  public boolean exists() {
    return Files.exists(plain) || Files.exists(compressed());
  }

  /** The bytes from a place on. */
  public InputStream from(long offset) throws IOException {
    boolean asWritten = Files.exists(plain) || !Files.exists(compressed());
    InputStream in = new FileInputStream((asWritten ? plain : compressed()).toFile());
    try {
      InputStream lines = asWritten ? in : new GZIPInputStream(in, BUFFER);
      lines.skipNBytes(offset);
      return lines;
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  /**
   * One line.
   *
   * @throws UncheckedIOException when the file is gone or too short
   */
  public String line(long offset, int length) {
    try (InputStream in = from(offset)) {
      byte[] line = in.readNBytes(length);
      if (line.length < length) {
        throw new EOFException("it ends before " + (offset + length));
      }
      return new String(line, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + plain + ": " + e.getMessage(), e);
    }
  }

  /** Puts a compressed file in the place of the plain one; what dies in between is done again. */
  void compress() throws IOException {
    if (!Files.exists(plain)) {
      return;
    }
    Path part = Spool.create(plain.resolveSibling(plain.getFileName() + ".gz.part"));
    try (FileChannel file = FileChannel.open(part, StandardOpenOption.WRITE)) {
      GZIPOutputStream out = new GZIPOutputStream(Channels.newOutputStream(file), BUFFER);
      Files.copy(plain, out);
      out.finish();
      file.force(true);
    }
    Spool.move(part, compressed());
    Files.delete(plain);
  }
}
