package dev.caravan.cli;

import dev.caravan.batch.Reasons;
import dev.caravan.ledger.Home;
import dev.caravan.spool.Spool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * Keeps a copied or restored ledger from acting: the id in it must match {@code data/home.id}, or a
 * staging system would send the batches of production again.
 */
final class HomeGuard {
  private final Home ledger;
  private final Path file;

  HomeGuard(Home ledger, Path home) {
    this.ledger = ledger;
    this.file = home.resolve("data/home.id");
  }

  /**
   * A new ledger is taken.
   *
   * @throws Refused when the ledger is another home's
   */
  void check() {
    Optional<String> owner = ledger.id();
    Optional<String> here = here();
    if (owner.isEmpty()) {
      own();
    } else if (!owner.equals(here)) {
      throw new Refused(
          ExitCode.DECIDE,
          "This ledger belongs to another home: caravan_home is "
              + owner.get()
              + ", "
              + file
              + " is "
              + here.orElse("missing or empty")
              + ".\nNothing was done. If the ledger is a copy (staging, a"
              + " restored backup), its batches would be sent a second time.\nIf this is the right"
              + " home after all, say so: ./caravan own. Further nodes on one ledger share data/.");
    }
  }

  /** Makes this home the ledger's; a new home gets an id. */
  String own() {
    String id = here().orElseGet(() -> UUID.randomUUID().toString());
    Spool.write(file, id + "\n");
    ledger.own(id);
    return id;
  }

  private Optional<String> here() {
    try {
      // an empty id would be that of every other home whose file is empty
      return Files.exists(file)
          ? Optional.of(Files.readString(file).strip()).filter(id -> !id.isEmpty())
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file + ": " + Reasons.of(e), e);
    }
  }
}
