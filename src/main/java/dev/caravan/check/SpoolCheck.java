package dev.caravan.check;

import dev.caravan.batch.Reasons;
import dev.caravan.settings.Fault;
import dev.caravan.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Whether requests and results can be written to disk, and fit on it. */
final class SpoolCheck {
  /** A full batch and its results, twice. */
  private static final int BATCHES = 4;

  private SpoolCheck() {}

  static List<Fault> faults(Settings settings) {
    Path dir = settings.spool().dir();
    try {
      Files.createDirectories(dir);
      Files.delete(Files.createTempFile(dir, "check", ".tmp"));
      long free = Files.getFileStore(dir).getUsableSpace();
      long wanted = BATCHES * settings.submit().maxBytes();
      return free >= wanted ? List.of() : List.of(full(dir, free, wanted));
    } catch (IOException e) {
      return List.of(
          Fault.in(
              "spool.dir",
              dir + " can't be written to: " + Reasons.of(e),
              "Give this account write permission, or set spool.dir to another folder."));
    }
  }

  private static Fault full(Path dir, long free, long wanted) {
    return Fault.in(
            "spool.dir",
            "%s has %d MB free; %d full batches and results may need %d MB"
                .formatted(dir, free / 1_000_000, BATCHES / 2, wanted / 1_000_000),
            "Make room, lower spool.keep, or set spool.dir to a larger disk.")
        .asWarning();
  }
}
