package dev.caravan.poll;

import dev.caravan.api.ApiResponse;
import dev.caravan.batch.Batch;
import dev.caravan.batch.MessageBatch;
import dev.caravan.settings.Settings;
import java.time.Duration;
import java.time.Instant;

/**
 * When a batch is looked at next: after poll.first, then doubling up to poll.max, and every
 * poll.last-hour in the hour before it expires; never earlier than retry-after says.
 */
public final class LookSchedule {
  private static final Duration HOUR = Duration.ofHours(1);

  private final Settings.Poll poll;

  public LookSchedule(Settings.Poll poll) {
    this.poll = poll;
  }

  Instant next(Batch batch, MessageBatch message, ApiResponse answer, Instant now) {
    Duration wait = doubled(batch.looks() + 1);
    Instant apiNow = answer.date().orElse(now);
    Instant expires = message.expiresAt();
    if (expires != null && apiNow.plus(wait).isAfter(expires.minus(HOUR))) {
      Duration untilLastHour = Duration.between(apiNow, expires.minus(HOUR));
      wait = min(wait, max(poll.lastHour(), untilLastHour));
    }
    return now.plus(max(wait, answer.retryAfter().orElse(Duration.ZERO)));
  }

  /** After an answer that told nothing. */
  Instant after(Batch batch, ApiResponse answer, Instant now) {
    return now.plus(max(poll.first(), answer.retryAfter().orElse(Duration.ZERO)));
  }

  Instant soon(Instant now) {
    return now.plus(min(poll.first(), Duration.ofMinutes(1)));
  }

  private Duration doubled(int looks) {
    Duration wait = poll.first();
    for (int i = 0; i < looks && wait.compareTo(poll.max()) < 0; i++) {
      wait = wait.multipliedBy(2);
    }
    return min(wait, poll.max());
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  private static Duration max(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }
}
