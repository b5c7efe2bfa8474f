package dev.caravan.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Finds the API key, in the environment or in a file of its own; empty when there is none. */
final class ApiKey {
  private final Path home;
  private final RawSettings raw;

  ApiKey(Path home, RawSettings raw) {
    this.home = home;
    this.raw = raw;
  }

  Secret read() {
    String key = raw.text(Key.ANTHROPIC_API_KEY);
    if (!raw.isSet(Key.ANTHROPIC_API_KEY_FILE)) {
      return checked(Key.ANTHROPIC_API_KEY, key);
    }
    if (!key.isEmpty()) {
      raw.refuse(
          Key.ANTHROPIC_API_KEY_FILE,
          "but ANTHROPIC_API_KEY (anthropic.api-key) is set as well: keep one of the two");
      return new Secret(key);
    }
    return checked(Key.ANTHROPIC_API_KEY_FILE, fromFile());
  }

  private String fromFile() {
    Path file = home.resolve(raw.<Path>read(Key.ANTHROPIC_API_KEY_FILE, Path::of));
    try {
      refuseOthers(file);
      String key = Files.readString(file).strip();
      if (key.isEmpty()) {
        raw.refuse(Key.ANTHROPIC_API_KEY_FILE, "but that file is empty");
      }
      return key;
    } catch (NoSuchFileException e) {
      raw.refuse(Key.ANTHROPIC_API_KEY_FILE, "but there is no such file");
    } catch (IOException e) {
      raw.refuse(Key.ANTHROPIC_API_KEY_FILE, "but that file can't be read as text");
    }
    return "";
  }

  private void refuseOthers(Path file) throws IOException {
    boolean posix = Files.getFileStore(file).supportsFileAttributeView("posix");
    Set<PosixFilePermission> rights = posix ? Files.getPosixFilePermissions(file) : Set.of();
    if (rights.stream().anyMatch(right -> !right.name().startsWith("OWNER_"))) {
      raw.fault(
          Key.ANTHROPIC_API_KEY_FILE,
          "other users may read or change the key file "
              + file
              + " ("
              + PosixFilePermissions.toString(rights)
              + ")",
          "chmod 600 " + file);
    }
  }

  private Secret checked(Key where, String key) {
    if (!key.chars().allMatch(c -> c > ' ' && c < 127)) {
      raw.fault(
          where,
          "the API key has a blank, a line break or a letter that no key has",
          "Copy it again from the Console, in one line.");
    }
    return new Secret(key);
  }
}
