package dev.caravan.extract;

import dev.caravan.batch.Reasons;
import dev.caravan.spool.Spool;
import dev.caravan.spool.SpoolFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Set;

/**
 * The records a person asked for again, by key hash, in a file beside the run's spool: whoever
 * takes the run up after a crash or a pause reads those and no others.
 */
record AskedFor(Path file) {
  static AskedFor of(Spool spool, String job, ZoneId zone, Instant due) {
    String name = "run-" + due.toEpochMilli() + ".asked.txt";
    return new AskedFor(spool.dir().resolve(Spool.folder(due, zone, job)).resolve(name));
  }

  /** Kept before the run begins, so that it never reads more than it was asked. */
  void keep(Set<String> keyHashes) {
    Spool.write(file, String.join("\n", keyHashes));
  }

  /** The scope of the run; everything that is new where nobody asked for certain records. */
  Scope scope() {
    try {
      return Files.exists(file)
          ? new Scope(Set.copyOf(Files.readAllLines(file)), false)
          : Scope.ALL;
    } catch (IOException e) {
      throw new SpoolFailed("Cannot read " + file + ": " + Reasons.of(e), e);
    }
  }
}
