package dev.caravan.ledger;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/** A statement that a person wrote, with its parameters; instants go by the zone of its job. */
record StreamedQuery(
    String sql, Map<String, Object> values, Map<String, Instant> instants, ZoneId zone) {

  /** The newest of its instants. */
  Instant now() {
    return instants.values().stream().max(Comparator.naturalOrder()).orElse(Instant.EPOCH);
  }

  Map<String, Object> parameters(Vendor vendor) {
    Map<String, Object> all = new HashMap<>(values);
    instants.forEach((name, at) -> all.put(name, vendor.instant(at, zone, now())));
    return all;
  }
}
