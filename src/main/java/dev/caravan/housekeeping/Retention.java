package dev.caravan.housekeeping;

import dev.caravan.batch.Batch;
import dev.caravan.ledger.Aged;
import dev.caravan.settings.Settings;
import dev.caravan.spool.Spool;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
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
  private final Clock clock;

  public Retention(Aged aged, Spool spool, Settings settings, Clock clock) {
    this.aged = aged;
    this.spool = spool;
    this.keepSpool = settings.spool().keep();
    this.keepTexts = settings.keepTexts();
    this.clock = clock;
  }

  /** Compresses the files of runs that are over: places in them stay good. */
  public void compressSpoolFiles() {
    Instant now = clock.instant();
    for (Batch batch : aged.withPlainSpool(now)) {
      spool.compress(batch);
      aged.spoolCompressed(batch.nonce(), now);
    }
  }

  /** Removes the files first: what dies in between is removed again. */
  public void removeSpoolFiles() {
    Instant now = clock.instant();
    List<Batch> old = aged.withSpool(now.minus(keepSpool));
    for (Batch batch : old) {
      spool.remove(batch);
      aged.spoolRemoved(batch.nonce(), now);
    }
    if (!old.isEmpty()) {
      LOG.info("Removed the spool files of {} batches, as spool.keep asks for", old.size());
    }
  }

  /** Blanks what stands in the ledger of the records' contents. */
  public void blankTexts() {
    Instant now = clock.instant();
    List<Batch> old = aged.withTexts(now.minus(keepTexts));
    old.forEach(batch -> aged.blankTexts(batch.nonce(), now));
    if (!old.isEmpty()) {
      LOG.info("Blanked the texts of {} batches, as ledger.keep-texts asks for", old.size());
    }
  }
}
