package dev.caravan.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Works through the requests of a batch that has ended and writes its results file. */
final class Settler {
  private final ParamsCheck check;
  private final MessageMaker maker;
  private final FaultPlan faults;
  private final boolean shuffled;

  Settler(ParamsCheck check, MessageMaker maker, FaultPlan faults, boolean shuffled) {
    this.check = check;
    this.maker = maker;
    this.faults = faults;
    this.shuffled = shuffled;
  }

  Settlement settle(StoredBatch batch) {
    Spool spool = batch.spool();
    Path file = spool.file().resolveSibling(batch.id() + ".results.jsonl");
    int finished = (int) Math.round(finishedShare(batch) * spool.size());
    String rest = batch.life().endsCanceled() ? "canceled" : "expired";
    Tally tally = new Tally();
    try (Spool.Reader requests = spool.read();
        ResultsFile results = new ResultsFile(file, batch.fault(Fault.Lines.class))) {
      int place = 0;
      for (int index : order(batch)) {
        JsonNode request = requests.request(index);
        ObjectNode result =
            place++ < finished ? processed(batch, request, tally) : tally.count(rest);
        results.add(request.path("custom_id").asText(), result);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the results file " + file, e);
    }
    return tally.settlement(file);
  }

  private ObjectNode processed(StoredBatch batch, JsonNode request, Tally tally) {
    String customId = request.path("custom_id").asText();
    JsonNode params = request.path("params");
    Fault.OfLine fault = faults.ofLine(customId);
    if (fault instanceof Fault.Expired) {
      return tally.count("expired");
    }
    if (fault instanceof Fault.Canceled) {
      return tally.count("canceled");
    }
    Optional<ApiError> error =
        fault instanceof Fault.Errored planned
            ? Optional.of(planned.error())
            : check.fault(params, batch.access(), true);
    if (error.isPresent()) {
      return tally.count("errored").set("error", errored(error.get()));
    }
    Models.Model model = check.model(params);
    MessageMaker.Made made =
        maker.make(new Asked(customId, params), model, batch.access().workspace(), "batch", fault);
    tally.bill(made);
    return tally.count("succeeded").set("message", made.message());
  }

  private static ObjectNode errored(ApiError error) {
    ObjectNode inner = error.error();
    inner.withObject("details").put("error_visibility", "user_facing");
    return Json.object().put("type", "error").<ObjectNode>set("error", inner).putNull("request_id");
  }

  private static double finishedShare(StoredBatch batch) {
    Lifecycle life = batch.life();
    if (life.endsCanceled()) {
      return batch
          .fault(Fault.PartialCancel.class)
          .map(Fault.PartialCancel::finished)
          .orElseGet(() -> life.progress(life.endsAt()));
    }
    return life.runsOut()
        ? batch.fault(Fault.NeverEnds.class).map(Fault.NeverEnds::finished).orElse(0.0)
        : 1;
  }

  // the file is written in the order it is served in, so that serving is copying
  private int[] order(StoredBatch batch) {
    int[] order = IntStream.range(0, batch.spool().size()).toArray();
    Random random = new Random(batch.id().hashCode());
    for (int i = order.length - 1; shuffled && i > 0; i--) {
      int other = random.nextInt(i + 1);
      int kept = order[i];
      order[i] = order[other];
      order[other] = kept;
    }
    return order;
  }

  private static final class Tally {
    private final Map<String, Integer> counts = new TreeMap<>();
    private final Map<String, Usage> billed = new TreeMap<>();
    private BigDecimal usd = BigDecimal.ZERO;

    ObjectNode count(String type) {
      counts.merge(type, 1, Integer::sum);
      return Json.object().put("type", type);
    }

    void bill(MessageMaker.Made made) {
      billed.merge(made.model(), made.billed(), Usage::plus);
      usd = usd.add(made.usd());
    }

    Settlement settlement(Path file) {
      return new Settlement(
          file,
          counts.getOrDefault("succeeded", 0),
          counts.getOrDefault("errored", 0),
          counts.getOrDefault("canceled", 0),
          counts.getOrDefault("expired", 0),
          billed,
          usd);
    }
  }
}
