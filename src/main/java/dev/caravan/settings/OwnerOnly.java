package dev.caravan.settings;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Files (0600) and folders (0700) that nobody but their owner may look into, whatever the umask.
 */
public final class OwnerOnly {
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> FOLDER =
      PosixFilePermissions.fromString("rwx------");

  private OwnerOnly() {}

  /** Makes a folder, or tightens the one that is there. */
  public static void folder(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      tighten(folder, FOLDER);
      return;
    }
    Files.createDirectories(folder.toAbsolutePath().getParent());
    try {
      if (isPosix(folder)) {
        Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(FOLDER));
      } else {
        Files.createDirectory(folder);
      }
    } catch (FileAlreadyExistsException e) {
      tighten(folder, FOLDER);
    }
  }

  /** Makes an empty file, or tightens the one that is there. */
  public static void file(Path file) throws IOException {
    try {
      if (isPosix(file)) {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(FILE));
      } else {
        Files.createFile(file);
      }
    } catch (FileAlreadyExistsException e) {
      tighten(file);
    }
  }

  /** Takes from others what they may do with a file. */
  public static void tighten(Path file) throws IOException {
    tighten(file, FILE);
  }

  private static void tighten(Path path, Set<PosixFilePermission> allowed) throws IOException {
    if (isPosix(path) && !allowed.containsAll(Files.getPosixFilePermissions(path))) {
      Files.setPosixFilePermissions(path, allowed);
    }
  }

  private static boolean isPosix(Path path) throws IOException {
    return Files.getFileStore(path.toAbsolutePath().getParent()).supportsFileAttributeView("posix");
  }
}
