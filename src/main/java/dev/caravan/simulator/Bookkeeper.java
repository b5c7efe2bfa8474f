package dev.caravan.simulator;

import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.List;
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

  Books books(Batches batches) {
    // outside the lock: the first look at an ended batch works it out, which takes its time
    List<Books.Batch> booked = batches.booked();
    Map<String, Usage> billed = batches.billed();
    BigDecimal usd = batches.billedUsd();
    synchronized (this) {
      Map<Endpoint, Long> all = new EnumMap<>(Endpoint.class);
      for (Endpoint endpoint : Endpoint.values()) {
        all.put(endpoint, calls.getOrDefault(endpoint, 0L));
      }
      return new Books(booked, all, billed, usd, new TreeMap<>(standard));
    }
  }
}
