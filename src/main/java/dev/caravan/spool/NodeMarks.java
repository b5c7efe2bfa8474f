package dev.caravan.spool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files {@code nodes/<process>} that the processes on a ledger leave in the spool: who sees the
 * mark of another shares its spool.
 */
public final class NodeMarks {
  static final String FOLDER = "nodes";

  private final Path dir;

  public NodeMarks(Path spool) {
    this.dir = spool.resolve(FOLDER);
  }

  public void leave(String node) {
    Spool.write(mark(node), node + "\n");
  }

  public boolean sees(String node) {
    return Files.exists(mark(node));
  }

  public void remove(String node) {
    Spool.delete(mark(node));
  }

  /** Removes the marks, left before {@code old}, of processes that are not {@code live}. */
  public void sweep(List<String> live, Instant old) {
    List<Path> known = live.stream().map(this::mark).toList();
    try (Stream<Path> marks = Files.list(dir)) {
      for (Path mark : marks.filter(m -> !known.contains(m)).toList()) {
        if (Files.getLastModifiedTime(mark).toInstant().isBefore(old)) {
          Files.deleteIfExists(mark);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot tidy " + dir, e);
    }
  }

  private Path mark(String node) {
    return dir.resolve(node.replaceAll("[^A-Za-z0-9.-]", "_"));
  }
}
