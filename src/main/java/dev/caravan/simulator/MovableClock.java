package dev.caravan.simulator;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicReference;

/** A clock of microseconds that can be set forward while others read it; never backward. */
public final class MovableClock extends Clock {
  private final Clock base;
  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

  private MovableClock(Clock base) {
    this.base = base;
  }

  /** Runs with the machine's clock until it is advanced. */
  public static MovableClock running() {
    return new MovableClock(Clock.systemUTC());
  }

  /** Stands still at {@code instant} and moves only when it is advanced. */
  public static MovableClock stoppedAt(Instant instant) {
    return new MovableClock(Clock.fixed(instant, ZoneOffset.UTC));
  }

  /**
   * Moves this clock forward.
   *
   * @return the new time
   * @throws IllegalArgumentException if {@code step} is negative
   */
  public Instant advance(Duration step) {
    if (step.isNegative()) {
      throw new IllegalArgumentException("the clock only moves forward, not by " + step);
    }
    ahead.accumulateAndGet(step, Duration::plus);
    return instant();
  }

  @Override
  public Instant instant() {
    return base.instant().plus(ahead.get()).truncatedTo(ChronoUnit.MICROS);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
