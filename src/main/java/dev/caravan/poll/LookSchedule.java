package dev.caravan.poll;

import dev.caravan.api.ApiResponse;
import dev.caravan.batch.Batch;
import dev.caravan.batch.MessageBatch;
import dev.caravan.settings.Settings;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a batch is looked at next: after poll.first, then doubling up to poll.max, every
 * poll.last-hour in the hour before it expires, and in any case when it comes of the age of an
 * alert or a cancel. Never earlier than retry-after says, unless that would let the cancel, or the
 * last minutes before the expiry, go by.
 */
public final class LookSchedule {
  private static final Duration HOUR = Duration.ofHours(1);

  private final Settings.Poll poll;
  private final Settings.Deadline deadline;

  public LookSchedule(Settings.Poll poll, Settings.Deadline deadline) {
    this.poll = poll;
    this.deadline = deadline;
  }

  /** After a look that showed the batch still running. */
  Instant next(Batch batch, MessageBatch message, ApiResponse answer, Instant now) {
    Duration wait = doubled(batch.looks() + 1);
    Instant apiNow = answer.date().orElse(now);
    Instant expires = message.expiresAt();
    if (expires != null && apiNow.plus(wait).isAfter(expires.minus(HOUR))) {
      Duration untilLastHour = Duration.between(apiNow, expires.minus(HOUR));
      wait = min(wait, max(poll.lastHour(), untilLastHour));
    }
    Instant created = message.createdAt();
    wait = notPast(created.plus(deadline.alert()), apiNow, wait);
    return now.plus(waited(created, expires, wait, answer, apiNow));
  }

  /** After an answer that told nothing. */
  Instant after(Batch batch, ApiResponse answer, Instant now) {
    return after(batch, poll.first(), answer, now);
  }

  /** After a call that the next look must see the effect of. */
  Instant soon(Batch batch, ApiResponse answer, Instant now) {
    return after(batch, Duration.between(now, soon(now)), answer, now);
  }

  private Instant after(Batch batch, Duration wait, ApiResponse answer, Instant now) {
    Instant created = batch.createdAt() == null ? now : batch.createdAt();
    Instant apiNow = answer.date().orElse(now);
    return now.plus(waited(created, batch.expiresAt(), wait, answer, apiNow));
  }

  /** At least as long as retry-after, but past neither the cancel nor the last look. */
  private Duration waited(
      Instant created, @Nullable Instant expires, Duration wait, ApiResponse answer, Instant at) {
    Duration asked = max(wait, answer.retryAfter().orElse(Duration.ZERO));
    asked = notPast(created.plus(deadline.cancel()), at, asked);
    return expires == null ? asked : notPast(expires.minus(poll.lastHour()), at, asked);
  }

  private static Duration notPast(Instant moment, Instant at, Duration wait) {
    return moment.isAfter(at) ? min(wait, Duration.between(at, moment)) : wait;
  }

  /** {@code next}, unless retry-after says later. */
  Instant atLeast(ApiResponse answer, Instant next, Instant now) {
    Instant asked = now.plus(answer.retryAfter().orElse(Duration.ZERO));
    return asked.isAfter(next) ? asked : next;
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
