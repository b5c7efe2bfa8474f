package dev.caravan.extract;

import dev.caravan.batch.Run;
import dev.caravan.ledger.AskedKeys;
import dev.caravan.spool.Spool;
import dev.caravan.spool.SpoolFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Set;

/**
 * Which records a run is about: those a person asked for, whoever takes the run up, or all that its
 * source gives.
 */
record AskedFor(AskedKeys asked, Spool spool) {

  /**
   * The scope of a run.
   *
   * @throws SpoolFailed when it is about certain records and nobody can say now which: then nothing
   *     is read
   */
  Scope scope(Run run, ZoneId zone) {
    if (!run.asked()) {
      return new Scope(null, run.again(), false);
    }
    Set<String> kept = asked.of(run.job(), run.dueAt());
    return new Scope(kept.isEmpty() ? inFile(run, zone) : kept, run.again(), false);
  }

  /** Where an earlier version of Caravan has kept them: beside the run's spool. */
  private Set<String> inFile(Run run, ZoneId zone) {
    Path file =
        spool
            .dir()
            .resolve(Spool.folder(run.dueAt(), zone, run.job()))
            .resolve("run-" + run.dueAt().toEpochMilli() + ".asked.txt");
    try {
      return Set.copyOf(Files.readAllLines(file));
    } catch (IOException e) {
      throw new SpoolFailed(
          "Run "
              + run.id()
              + " is about records that a person asked for, and the file that names them can't be"
              + " read, so nothing is read: "
              + file
              + ". Is the disk of spool.dir mounted?",
          e);
    }
  }
}
