package dev.caravan.load;

import dev.caravan.batch.Batch;
import dev.caravan.batch.Decision;
import dev.caravan.batch.Outcome;
import dev.caravan.batch.TypedValues;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the load route gets for one answer: every parameter that load.sql may name. {@code replaced}
 * characters of the answer can't be held by the target; {@code fault} says why the answer can't be
 * loaded at all.
 */
record LoadRow(
    Decision decision, Map<String, @Nullable Object> values, int replaced, @Nullable String fault) {

  static LoadRow of(Decision decision, Batch batch, Instant answeredAt, boolean holdsNul) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    Holdable holdable = new Holdable(holdsNul);
    String fault = null;
    if (decision.outcome() instanceof Outcome.Completed completed) {
      try {
        completed
            .answer()
            .fields()
            .forEachRemaining(
                f ->
                    values.put(
                        f.getKey().toLowerCase(Locale.ROOT),
                        holdable.value(f.getKey(), f.getValue())));
      } catch (Holdable.Unholdable e) {
        fault = e.getMessage();
      }
    }
    values.putAll(TypedValues.read(decision.request().rowValues()));
    values.put("caravan_model", decision.model());
    values.put("caravan_batch", batch.msgbatchId());
    values.put("caravan_cost_usd", decision.costUsd());
    values.put("caravan_answered_at", answeredAt.truncatedTo(ChronoUnit.SECONDS));
    values.replaceAll((name, value) -> value instanceof OffsetDateTime t ? t.toInstant() : value);
    return new LoadRow(decision, values, holdable.replaced(), fault);
  }

  Stream<Instant> instants() {
    return values.values().stream().filter(Instant.class::isInstance).map(Instant.class::cast);
  }

  /** Gives its instants as the database takes them. */
  void bind(Function<Instant, Object> instant) {
    values.replaceAll((name, value) -> value instanceof Instant at ? instant.apply(at) : value);
  }
}
