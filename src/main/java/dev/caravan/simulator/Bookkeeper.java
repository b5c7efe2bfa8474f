package dev.caravan.simulator;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** Counts calls and the tokens of single messages while the simulator runs. */
final class Bookkeeper {
  private final Map<Endpoint, Long> calls = new EnumMap<>(Endpoint.class);
  private final Map<String, Usage> standard = new TreeMap<>();

  synchronized void called(Endpoint endpoint) {
    calls.merge(endpoint, 1L, Long::sum);
  }

  synchronized void answered(String model, Usage usage) {
    standard.merge(model, usage, Usage::plus);
  }

  synchronized Books books(Batches batches) {
    Map<Endpoint, Long> all = new EnumMap<>(Endpoint.class);
    for (Endpoint endpoint : Endpoint.values()) {
      all.put(endpoint, calls.getOrDefault(endpoint, 0L));
    }
    return new Books(batches.booked(), all, batches.billed(), new TreeMap<>(standard));
  }
}
