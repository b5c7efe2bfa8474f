package dev.caravan.spool;

import dev.caravan.batch.Reasons;
import java.io.EOFException;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A file of lines that may be compressed by now; places in it are those of the plain file. */
public record SpoolFile(Path plain) {
  private static final Logger LOG = LoggerFactory.getLogger(SpoolFile.class);
  private static final int BUFFER = 1 << 16;

  private Path compressed() {
    return plain.resolveSibling(plain.getFileName() + ".gz");
  }

  public boolean exists() {
    return Files.exists(plain) || Files.exists(compressed());
  }

  /** The bytes from a place on. */
  public InputStream from(long offset) throws IOException {
    InputStream in = open();
    try {
      in.skipNBytes(offset);
      return in;
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  /** The plain file first: before it goes, the compressed one is there. */
  private InputStream open() throws IOException {
    try {
      return new FileInputStream(plain.toFile());
    } catch (FileNotFoundException e) {
      if (!Files.exists(compressed())) {
        throw e;
      }
      return unzipped(new FileInputStream(compressed().toFile()));
    }
  }

  private static InputStream unzipped(InputStream in) throws IOException {
    try {
      return new GZIPInputStream(in, BUFFER);
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  /**
   * One line.
   *
   * @throws LineGone when the file was removed, or is too short
   * @throws SpoolFailed when it can't be read now
   */
  public String line(long offset, int length) {
    return read(offset, in -> text(in, offset, length));
  }

  private static String text(InputStream in, long offset, int length) throws IOException {
    byte[] line = in.readNBytes(length);
    if (line.length < length) {
      throw new EOFException("it ends before " + (offset + length));
    }
    return new String(line, StandardCharsets.UTF_8);
  }

  /** Reads something of a file. */
  public interface Reading<T> {
    T of(InputStream from) throws IOException;
  }

  /**
   * What is read from a place on.
   *
   * @throws LineGone when the file was removed, or is too short
   * @throws SpoolFailed when it can't be read now
   */
  public <T> T read(long offset, Reading<T> reading) {
    try (InputStream in = from(offset)) {
      return reading.of(in);
    } catch (IOException e) {
      String message = "Cannot read " + plain + ": " + Reasons.of(e);
      boolean gone = Files.notExists(plain) && Files.notExists(compressed());
      throw gone || e instanceof EOFException
          ? new LineGone(message, e)
          : new SpoolFailed(message, e);
    }
  }

  /**
   * Puts a compressed file in the place of the plain one. What dies in between is done again; what
   * another process does at the same time comes to the same.
   */
  void compress() throws IOException {
    if (!Files.exists(plain)) {
      return;
    }
    Path part =
        Spool.create(plain.resolveSibling(plain.getFileName() + "." + UUID.randomUUID() + ".part"));
    try {
      zip(part);
      Files.move(
          part, compressed(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      Spool.syncFolder(plain);
      Files.deleteIfExists(plain);
    } catch (NoSuchFileException e) {
      // gone since we looked: another process was first
      LOG.debug("{} is compressed by another process", plain);
    } finally {
      Files.deleteIfExists(part);
    }
    deleteParts();
  }

  /** What killed processes left; one that is still writing finds that another was first. */
  private void deleteParts() throws IOException {
    try (DirectoryStream<Path> parts =
        Files.newDirectoryStream(
            plain.toAbsolutePath().getParent(), plain.getFileName() + ".*.part")) {
      for (Path part : parts) {
        Files.deleteIfExists(part);
      }
    }
  }

  private void zip(Path part) throws IOException {
    try (FileChannel file = FileChannel.open(part, StandardOpenOption.WRITE);
        OutputStream out = Channels.newOutputStream(file)) {
      GZIPOutputStream zipped = new GZIPOutputStream(out, BUFFER);
      Files.copy(plain, zipped);
      zipped.finish();
      file.force(true);
    }
  }
}
