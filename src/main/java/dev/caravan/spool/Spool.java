package dev.caravan.spool;

import dev.caravan.batch.Batch;
import dev.caravan.batch.Reasons;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The folder {@code spool.dir}: {@code <date of due_at>/<job>/<nonce>.requests.jsonl} and {@code
 * .results.jsonl}, the audit trail, readable by its owner only (0600); {@code .gz} once their run
 * has ended.
 */
public record Spool(Path dir) {
  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rw-------");

  /** The folder of a run, relative to {@code spool.dir}. */
  public static String folder(Instant dueAt, ZoneId zone, String job) {
    return dueAt.atZone(zone).toLocalDate() + "/" + job;
  }

  /** Request lines as sent. */
  public Path requests(String folder, String nonce) {
    return dir.resolve(folder).resolve(nonce + ".requests.jsonl");
  }

  public Path requests(Batch batch) {
    return requests(batch.spool(), batch.nonce());
  }

  /** Result lines as received. */
  public Path results(Batch batch) {
    return dir.resolve(batch.spool()).resolve(batch.nonce() + ".results.jsonl");
  }

  /** A download under way, of one process. */
  public Path part(Batch batch, String download) {
    return dir.resolve(batch.spool()).resolve(batch.nonce() + ".results." + download + ".part");
  }

  /** Results as received so far, when lines were missing. */
  public Path incomplete(Batch batch) {
    return dir.resolve(batch.spool()).resolve(batch.nonce() + ".results.incomplete");
  }

  /** The msgbatch id of an accepted batch, written before the ledger is told. */
  public Path id(Batch batch) {
    return dir.resolve(batch.spool()).resolve(batch.nonce() + ".id");
  }

  /** What {@link #id} holds, if an accepted batch got that far. */
  public Optional<String> acceptedId(Batch batch) {
    Path file = id(batch);
    try {
      return Files.exists(file)
          ? Optional.of(Files.readString(file).strip()).filter(id -> !id.isEmpty())
          : Optional.empty();
    } catch (IOException e) {
      throw new SpoolFailed("Cannot read " + file + ": " + Reasons.of(e), e);
    }
  }

  /** Creates an empty file of mode 0600, or empties the one that is there, and its folders. */
  public static Path create(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.deleteIfExists(file);
    try {
      boolean posix =
          Files.getFileStore(file.toAbsolutePath().getParent()).supportsFileAttributeView("posix");
      return posix ? Files.createFile(file, attributes()) : Files.createFile(file);
    } catch (FileAlreadyExistsException e) {
      return file;
    }
  }

  private static FileAttribute<Set<PosixFilePermission>> attributes() {
    return PosixFilePermissions.asFileAttribute(OWNER);
  }

  /** Writes a small file and makes it durable. */
  public static void write(Path file, String text) {
    try {
      create(file);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.write(StandardCharsets.UTF_8.encode(text));
        channel.force(true);
      }
      syncFolder(file);
    } catch (IOException e) {
      throw new SpoolFailed("Cannot write " + file + ": " + Reasons.of(e), e);
    }
  }

  /** Makes the names in a file's folder durable. */
  public static void syncFolder(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /**
   * Whether the whole spool is out of reach now, such as a volume that is not mounted: every
   * process at work has a mark in it.
   */
  public boolean isAway() {
    return !Files.isDirectory(dir.resolve(NodeMarks.FOLDER));
  }

  /** Whether the results of a batch are on disk. */
  public boolean hasResults(Batch batch) {
    return new SpoolFile(results(batch)).exists();
  }

  /** Compresses what was sent and received of a batch that is over; lines can still be read. */
  public void compress(Batch batch) {
    try {
      new SpoolFile(requests(batch)).compress();
      new SpoolFile(results(batch)).compress();
    } catch (IOException e) {
      throw new SpoolFailed(
          "Cannot compress the spool files of batch " + batch.nonce() + ": " + Reasons.of(e), e);
    }
  }

  /** Removes all files of a batch, and its folder when nothing but notes of runs is left in it. */
  public void remove(Batch batch) {
    Path folder = dir.resolve(batch.spool());
    try {
      if (!Files.isDirectory(folder)) {
        return;
      }
      deleteAll(folder, name -> name.startsWith(batch.nonce() + "."));
      if (named(folder, name -> !name.startsWith("run-")).isEmpty()) {
        deleteAll(folder, name -> true);
        Files.deleteIfExists(folder);
        Path night = dir.resolve(Path.of(batch.spool()).getName(0));
        if (named(night, name -> true).isEmpty()) {
          Files.deleteIfExists(night);
        }
      }
    } catch (IOException | UncheckedIOException e) {
      throw new SpoolFailed("Cannot tidy " + folder + ": " + Reasons.of(e), e);
    }
  }

  private static void deleteAll(Path folder, Predicate<String> which) throws IOException {
    for (Path file : named(folder, which)) {
      Files.deleteIfExists(file);
    }
  }

  private static List<Path> named(Path folder, Predicate<String> which) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> which.test(String.valueOf(file.getFileName()))).toList();
    }
  }

  public static void move(Path from, Path to) {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      syncFolder(to);
    } catch (IOException e) {
      throw new SpoolFailed("Cannot rename " + from + ": " + Reasons.of(e), e);
    }
  }

  public static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new SpoolFailed("Cannot delete " + file + ": " + Reasons.of(e), e);
    }
  }
}
