package dev.caravan.housekeeping;

import dev.caravan.batch.Batch;
import dev.caravan.ledger.Aged;
import dev.caravan.settings.Settings;
import dev.caravan.spool.Spool;
import dev.caravan.spool.SpoolFailed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compresses the spool files of batches whose runs have ended; removes them, and later the texts,
 * when that is long ago. A run that is not over keeps all it has, however old.
 */
public final class Retention {
  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

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

  /** Compresses the files of runs that are over, each for itself: places in them stay good. */
  public void compressSpoolFiles() {
    List<SpoolFailed> failures = new ArrayList<>();
    for (Batch batch : aged.withPlainSpool()) {
      try {
        spool.compress(batch);
        aged.spoolCompressed(batch.nonce());
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
  }

  /** Removes the files first: what dies in between is removed again. */
  public void removeSpoolFiles() {
    List<Batch> old = aged.withSpool(keepSpool);
    for (Batch batch : old) {
      spool.remove(batch);
      aged.spoolRemoved(batch.nonce());
    }
    if (!old.isEmpty()) {
      LOG.info("Removed the spool files of {} batches, as spool.keep asks for", old.size());
    }
  }

  /** Blanks what stands in the ledger of the records' contents. */
  public void blankTexts() {
    List<Batch> old = aged.withTexts(keepTexts);
    old.forEach(batch -> aged.blankTexts(batch.nonce()));
    if (!old.isEmpty()) {
      LOG.info("Blanked the texts of {} batches, as ledger.keep-texts asks for", old.size());
    }
  }
}
