package dev.caravan.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The faults to come, in the order they were planned; each hits some times and is then spent. */
final class FaultPlan {
  private final List<Planned> planned = new ArrayList<>();

  /** Plans a fault once; a fault of lines hits every match. */
  synchronized void add(Fault fault) {
    add(fault, 0, fault instanceof Fault.OfLine ? Integer.MAX_VALUE : 1);
  }

  /** Plans a fault that lets {@code skip} calls, batches or lines pass, then hits {@code times}. */
  synchronized void add(Fault fault, int skip, int times) {
    planned.add(new Planned(fault, skip, times));
  }

  /**
   * Plans the faults of a JSON array, or of {@code {"faults":[…]}}, each with optional {@code skip}
   * and {@code times}.
   *
   * @throws IllegalArgumentException saying which fault cannot be read and why; then none is
   *     planned
   */
  synchronized void add(JsonNode json) {
    JsonNode list = json.has("faults") ? json.get("faults") : json;
    List<Planned> read = new ArrayList<>();
    for (JsonNode entry : list.isArray() ? list : List.of(list)) {
      read.add(planned(entry));
    }
    planned.addAll(read);
  }

  synchronized void clear() {
    planned.clear();
  }

  synchronized int size() {
    return (int) planned.stream().filter(entry -> entry.times > 0).count();
  }

  synchronized Fault.@Nullable OfCall ofCall(Endpoint endpoint) {
    return (Fault.OfCall)
        first(fault -> fault instanceof Fault.OfCall call && call.at() == endpoint);
  }

  synchronized Fault.@Nullable OfLine ofLine(String customId) {
    return (Fault.OfLine)
        first(
            fault ->
                fault instanceof Fault.OfLine line && line.customId().matcher(customId).find());
  }

  /** Every fault that hits the batch accepted now. */
  synchronized List<Fault.OfBatch> ofBatch() {
    List<Fault.OfBatch> hits = new ArrayList<>();
    for (Planned entry : planned) {
      if (entry.fault instanceof Fault.OfBatch fault && entry.passes() && entry.hit()) {
        hits.add(fault);
      }
    }
    return List.copyOf(hits);
  }

  // later entries still count what an earlier one took, so that "skip" means calls since planning
  private @Nullable Fault first(Predicate<Fault> matches) {
    Fault chosen = null;
    for (Planned entry : planned) {
      if (matches.test(entry.fault) && entry.passes() && chosen == null && entry.hit()) {
        chosen = entry.fault;
      }
    }
    return chosen;
  }

  private static Planned planned(JsonNode entry) {
    if (!(entry instanceof ObjectNode object)) {
      throw new IllegalArgumentException("a fault is a JSON object, not " + entry);
    }
    ObjectNode rest = object.deepCopy();
    JsonNode skip = rest.remove("skip");
    JsonNode times = rest.remove("times");
    try {
      Fault fault = Json.MAPPER.treeToValue(rest, Fault.class);
      int usual = fault instanceof Fault.OfLine ? Integer.MAX_VALUE : 1;
      return new Planned(
          fault, skip == null ? 0 : skip.asInt(), times == null ? usual : times.asInt());
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot read the fault " + entry + ": " + cause(e), e);
    }
  }

  // Jackson's own texts name Java classes, which mean nothing to who wrote the JSON
  private static String cause(JsonProcessingException e) {
    if (e instanceof InvalidTypeIdException unknown) {
      return "there is no fault '" + unknown.getTypeId() + "'; see docs/simulator.md";
    }
    if (e instanceof UnrecognizedPropertyException unknown) {
      return "it has no field '"
          + unknown.getPropertyName()
          + "', only "
          + unknown.getKnownPropertyIds();
    }
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root instanceof JsonProcessingException json
        ? json.getOriginalMessage().replaceAll("`?dev\\.caravan\\.[\\w.$]+`?", "it")
        : String.valueOf(root.getMessage());
  }

  private static final class Planned {
    private final Fault fault;
    private int skip;
    private int times;

    Planned(Fault fault, int skip, int times) {
      this.fault = fault;
      this.skip = skip;
      this.times = times;
    }

    boolean passes() {
      boolean passes = skip == 0;
      skip = Math.max(0, skip - 1);
      return passes;
    }

    boolean hit() {
      boolean hit = times > 0;
      times = Math.max(0, times - 1);
      return hit;
    }
  }
}
