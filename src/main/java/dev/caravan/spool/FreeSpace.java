package dev.caravan.spool;

import dev.caravan.batch.Reasons;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether the spool's disk has room to begin something; {@code min} in bytes. */
public record FreeSpace(Path dir, long min) {

  /**
   * Says so before a half-written file would.
   *
   * @throws SpoolFailed when less than {@code min} is free
   */
  public void check() {
    try {
      Files.createDirectories(dir);
      long free = Files.getFileStore(dir).getUsableSpace();
      if (free < min) {
        throw new SpoolFailed(
            "%s has %,d MB free and spool.min-free is %,d MB: nothing is begun until there is room"
                .formatted(dir, free / 1_000_000, min / 1_000_000),
            null);
      }
    } catch (IOException e) {
      throw new SpoolFailed("Cannot look at the disk of " + dir + ": " + Reasons.of(e), e);
    }
  }
}
