package dev.caravan.simulator;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What time makes of a batch: everything is computed from the clock at each look.
 *
 * @param processing how long it runs unless something ends it earlier
 * @param canceledAt when its cancel was accepted
 * @param canceling how long a cancel takes
 * @param overdue how long after its expiry it still runs
 */
record Lifecycle(
    Instant createdAt,
    Duration processing,
    @Nullable Instant canceledAt,
    Duration canceling,
    Duration overdue) {
  static final Duration WINDOW = Duration.ofHours(24);
  static final Duration RETENTION = Duration.ofDays(29);

  Instant expiresAt() {
    return createdAt.plus(WINDOW);
  }

  Instant archivedAt() {
    return createdAt.plus(RETENTION);
  }

  Lifecycle canceled(Instant now) {
    return new Lifecycle(createdAt, processing, now, canceling, overdue);
  }

  boolean isEnded(Instant now) {
    return !now.isBefore(endsAt());
  }

  Instant endsAt() {
    Instant natural = natural();
    Instant stopped = canceledAt == null ? natural : canceledAt.plus(canceling);
    return stopped.isBefore(natural) ? stopped : natural;
  }

  /** Whether it ends by its cancel, not by itself. */
  boolean endsCanceled() {
    return canceledAt != null && endsAt().isBefore(natural());
  }

  private Instant natural() {
    return runsOut() ? expiresAt().plus(overdue) : createdAt.plus(processing);
  }

  boolean runsOut() {
    return processing.compareTo(WINDOW) > 0;
  }

  String status(Instant now) {
    return isEnded(now) ? "ended" : canceledAt == null ? "in_progress" : "canceling";
  }

  /** The share (0…1) of the processing that was over at {@code instant}; a cancel stops it. */
  double progress(Instant instant) {
    Instant until = canceledAt != null && canceledAt.isBefore(instant) ? canceledAt : instant;
    double whole = Math.max(1, processing.toMillis());
    return Math.min(1, Duration.between(createdAt, until).toMillis() / whole);
  }
}
