package dev.caravan.housekeeping;

import dev.caravan.batch.Batch;
import dev.caravan.ledger.Aged;
import dev.caravan.settings.Settings;
import dev.caravan.spool.Spool;
import dev.caravan.spool.SpoolFailed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compresses the spool files of batches whose runs have ended; removes them, and later the texts,
 * when that is long ago. A run that is not over keeps all it has, however old.
 */
public final class Retention {
  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

  private static final int PORTION = 100;

  private final Aged aged;
  private final Spool spool;
  private final Duration keepSpool;
  private final Duration keepTexts;

  public Retention(Aged aged, Spool spool, Settings settings) {
    this.aged = aged;
    this.spool = spool;
    this.keepSpool = settings.spool().keep();
    this.keepTexts = settings.keepTexts();
  }

  /** Compresses the files of runs that are over: places in them stay good. */
  public void compressSpoolFiles() {
    each(
        aged.withPlainSpool(),
        batch -> {
          spool.compress(batch);
          aged.spoolCompressed(batch.nonce());
        });
  }

  /** Removes the files first: what dies in between is removed again. */
  public void removeSpoolFiles() {
    int removed =
        each(
            aged.withSpool(keepSpool),
            batch -> {
              spool.remove(batch);
              aged.spoolRemoved(batch.nonce());
            });
    if (removed > 0) {
      LOG.info("Removed the spool files of {} batches, as spool.keep asks for", removed);
    }
  }

  /** Blanks what stands in the ledger of the records' contents. */
  public void blankTexts() {
    int blanked = each(aged.withTexts(keepTexts), batch -> aged.blankTexts(batch.nonce()));
    if (blanked > 0) {
      LOG.info("Blanked the texts of {} batches, as ledger.keep-texts asks for", blanked);
    }
  }

  /**
   * A portion of the batches, oldest first; one that fails stays as it is, and holds up no other.
   */
  private static int each(Stream<Batch> batches, Consumer<Batch> step) {
    List<SpoolFailed> failures = new ArrayList<>();
    Iterator<Batch> due = batches.iterator();
    int done = 0;
    while (done < PORTION && due.hasNext()) {
      try {
        step.accept(due.next());
        done++;
      } catch (SpoolFailed e) {
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      LOG.warn(
          "{}. Batches left as they are: {}; they are tried again in ten minutes",
          failures.get(0).getMessage(),
          failures.size());
    }
    return done;
  }
}
