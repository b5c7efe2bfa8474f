package dev.caravan.collect;

import dev.caravan.batch.Batch;
import dev.caravan.batch.Outcome;
import dev.caravan.batch.Request;
import dev.caravan.settings.Settings;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * When the retries of a batch are sent again: all that were sent equally often at one time,
 * whatever their causes, so that they go into one new batch. The jitter is the batch's own, so that
 * every chunk and every process finds the same time.
 */
public final class RetryTime {
  private final Settings.Retry retry;
  private final Clock clock;

  public RetryTime(Settings.Retry retry, Clock clock) {
    this.retry = retry;
    this.clock = clock;
  }

  /** Null for what is not sent again, or only when a person lets the job continue. */
  @Nullable Instant of(Batch batch, Request request, Outcome outcome) {
    if (!(outcome instanceof Outcome.Retry again) || again.pausesJob()) {
      return null;
    }
    Duration wait = retry.after(request.attempt());
    double part = 0.5 + jitter(batch.nonce(), request.attempt()) / 2;
    Instant from = Objects.requireNonNullElse(batch.downloadedAt(), clock.instant());
    return from.plusMillis((long) (wait.toMillis() * part));
  }

  /** From 0 to 1, the same for the same batch and attempt. */
  private static double jitter(String nonce, int attempt) {
    CRC32 crc = new CRC32();
    crc.update((nonce + attempt).getBytes(StandardCharsets.UTF_8));
    return crc.getValue() / (double) (1L << 32);
  }
}
