package dev.caravan.reload;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is edited together: a route file, and for a job its folder too.
 *
 * @param name its path below the home directory, for people: the folder of a job, else the file
 * @param job null for a file that all jobs share
 */
record Unit(String name, @Nullable String job, Path routes, @Nullable Path folder) {
  private static final byte[] UNREADABLE = {0};

  static Unit job(Path home, String job) {
    return new Unit(
        "config/jobs/" + job,
        job,
        home.resolve("routes/jobs/" + job + ".camel.yaml"),
        home.resolve("config/jobs/" + job));
  }

  static Unit shared(Path home, Path file) {
    return new Unit(home.relativize(file).toString(), null, file, null);
  }

  boolean isGone() {
    return Files.notExists(routes) && (folder == null || Files.notExists(folder));
  }

  /** SHA-256 of names and contents of its files. */
  String version() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Path file : files()) {
        digest.update(file.toString().getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        digest.update(content(file));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  private List<Path> files() {
    if (folder == null || !Files.isDirectory(folder)) {
      return Files.exists(routes) ? List.of(routes) : List.of();
    }
    try (Stream<Path> inside = Files.list(folder)) {
      return Stream.concat(
              Stream.of(routes), inside.filter(file -> Files.isRegularFile(file)).sorted())
          .toList();
    } catch (IOException | UncheckedIOException gone) {
      return List.of(routes);
    }
  }

  /**
   * A file may go while we look; one that the job needs and nobody may read, its check tells of.
   */
  private static byte[] content(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException gone) {
      return new byte[0];
    } catch (IOException unreadable) {
      return UNREADABLE;
    }
  }
}
