package dev.caravan.architecture.sample.poll;

import dev.caravan.architecture.sample.submit.Submitter;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Asks for the time in six ways, keeps static state in three, prints in two, knows a stage. */
public final class Poller {
  static final Map<String, String> NAMES = Map.of("a", "b");
  static final HashMap<String, String> SEEN = new HashMap<>();
  static final AtomicInteger COUNT = new AtomicInteger();
  static int looks;
  final Submitter submitter;

  Poller(Submitter submitter) {
    this.submitter = submitter;
  }

  void look() {
    Supplier<Instant> now = Instant::now;
    System.out.println(now.get() + " " + Instant.now());
    System.err.println(LocalDate.now(ZoneId.of("UTC")) + " " + new Date() + new Date(0));
    looks += (int) (System.currentTimeMillis() - Clock.systemUTC().millis());
  }
}
