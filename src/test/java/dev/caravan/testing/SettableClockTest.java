package dev.caravan.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class SettableClockTest {
  private final SettableClock clock = SettableClock.at("2026-11-20T23:00:00Z");

  @Test
  void movesOnlyWhenToldTo() {
    clock.advance(Duration.ofHours(7));
    assertThat(clock.instant()).isEqualTo("2026-11-21T06:00:00Z");

    clock.set(Instant.EPOCH);
    assertThat(clock.millis()).isZero();
  }

  @Test
  void movesItsViewsInOtherZonesToo() {
    var berlin = clock.withZone(ZoneId.of("Europe/Berlin"));

    clock.advance(Duration.ofMinutes(30));

    assertThat(LocalTime.now(berlin)).isEqualTo("00:30");
  }
}
