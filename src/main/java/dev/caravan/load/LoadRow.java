package dev.caravan.load;

import dev.caravan.batch.Batch;
import dev.caravan.batch.DatabaseText;
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
    TypedValues.read(decision.request().rowValues())
        .forEach((name, value) -> values.put(name, parameter(value)));
    values.put("caravan_model", decision.model());
    values.put("caravan_batch", batch.msgbatchId());
    values.put("caravan_cost_usd", decision.costUsd());
    values.put("caravan_answered_at", answeredAt.truncatedTo(ChronoUnit.SECONDS));
    return new LoadRow(decision, values, holdable.replaced(), fault);
  }

  /** What was kept with a record, as it is bound. */
  static @Nullable Object parameter(@Nullable Object kept) {
    if (kept instanceof OffsetDateTime at) {
      return at.toInstant();
    }
    return kept instanceof DatabaseText text ? new TextParameter(text) : kept;
  }

  /** Gives its instants as the database takes them. */
  void bind(Function<Instant, Object> instant) {
    values.replaceAll((name, value) -> value instanceof Instant at ? instant.apply(at) : value);
  }
}
