package dev.caravan.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.springframework.util.FileSystemUtils;

/**
 * A temporary directory with a server's programs and data, and the way to run these programs.
 *
 * <p>PostgreSQL refuses to run as root. For root, as in a container, the directory is handed over
 * to {@code nobody} and programs run as that user; for everybody else nothing is special.
 */
record ServerHome(Path directory, boolean asNobody) {
  private static final List<String> AS_NOBODY =
      List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

  /** A step of stopping a server. */
  interface Stop {
    void run() throws IOException;
  }

  static ServerHome create(String server) throws IOException {
    var directory = Files.createTempDirectory("caravan-test-" + server + "-");
    return new ServerHome(directory, Files.getAttribute(directory, "unix:uid").equals(0));
  }

  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  Path path(String name) {
    return directory.resolve(name);
  }

  /** Unpacks a tar.xz archive of the class path into this directory. */
  void unpackTxz(String resource) throws IOException {
    var packed = ServerHome.class.getClassLoader().getResourceAsStream(resource);
    if (packed == null) {
      throw new IOException(resource + " is not on the class path; is this a Linux on amd64?");
    }
    try (var tar =
        new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(packed)))) {
      for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        unpack(entry, tar);
      }
    }
  }

  private void unpack(TarArchiveEntry entry, InputStream content) throws IOException {
    var target = path(entry.getName()).normalize();
    if (entry.isDirectory()) {
      Files.createDirectories(target);
      return;
    }
    Files.createDirectories(target.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
      return;
    }
    Files.copy(content, target);
    if ((entry.getMode() & 0100) != 0) {
      Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  /** Gives everything unpacked so far to the user the programs run as. */
  void handOver() throws IOException {
    if (!asNobody) {
      return;
    }
    try (Stream<Path> paths = Files.walk(directory)) {
      for (var path : (Iterable<Path>) paths::iterator) {
        Files.setAttribute(path, "unix:uid", 65534, java.nio.file.LinkOption.NOFOLLOW_LINKS);
      }
    }
  }

  /**
   * Runs a program to its end.
   *
   * @throws IOException if it does not exit with 0; the message holds what it printed
   */
  void run(String... command) throws IOException {
    var log = Files.createTempFile(directory.getParent(), "caravan-test-", ".log");
    try {
      var process =
          new ProcessBuilder(asUser(command))
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      if (process.waitFor() != 0) {
        throw new IOException(
            "%s ended with %d:%n%s".formatted(List.of(command), process.exitValue(), read(log)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while running " + command[0], e);
    } finally {
      Files.deleteIfExists(log);
    }
  }

  private List<String> asUser(String... command) {
    var whole = new ArrayList<String>(asNobody ? AS_NOBODY : List.of());
    whole.addAll(List.of(command));
    return whole;
  }

  private static String read(Path log) throws IOException {
    return Files.readString(log, StandardCharsets.UTF_8);
  }

  /** When the JVM ends: stops the server, then removes this directory. */
  void atExit(Stop stop) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    stop.run();
                    FileSystemUtils.deleteRecursively(directory);
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                }));
  }
}
