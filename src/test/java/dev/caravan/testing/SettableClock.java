package dev.caravan.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands still until a test moves it; views in other zones move with it. */
public final class SettableClock extends Clock {
  private final Time time;
  private final ZoneId zone;

  private SettableClock(Time time, ZoneId zone) {
    this.time = time;
    this.zone = zone;
  }

  /**
   * A clock in UTC.
   *
   * @param instant such as {@code 2026-11-20T23:00:00Z}
   */
  public static SettableClock at(String instant) {
    return new SettableClock(new Time(Instant.parse(instant)), ZoneOffset.UTC);
  }

  public void advance(Duration duration) {
    synchronized (time) {
      time.now = time.now.plus(duration);
    }
  }

  public void set(Instant instant) {
    synchronized (time) {
      time.now = instant;
    }
  }

  @Override
  public Instant instant() {
    return time.now;
  }

  @Override
  public ZoneId getZone() {
    return zone;
  }

  @Override
  public SettableClock withZone(ZoneId other) {
    return new SettableClock(time, other);
  }

  /** Shared by all views. */
  private static final class Time {
    volatile Instant now;

    Time(Instant now) {
      this.now = now;
    }
  }
}
