package dev.caravan.collect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.caravan.batch.Batch;
import dev.caravan.batch.CustomId;
import dev.caravan.batch.Decision;
import dev.caravan.batch.Outcome;
import dev.caravan.batch.Request;
import dev.caravan.batch.Result;
import dev.caravan.ledger.Requests;
import dev.caravan.settings.JobCatalog;
import dev.caravan.settings.Prices;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.camel.Body;
import org.apache.camel.Variable;
import org.jspecify.annotations.Nullable;

/** A chunk of result lines as decisions on their requests, each with its usage and cost. */
public final class Decisions {
  private static final ObjectMapper JSON = new ObjectMapper(Answers.ANY_LENGTH);

  private final Requests requests;
  private final Judge judge;
  private final Prices prices;
  private final JobCatalog jobs;
  private final RetryTime retryTime;
  private final Clock clock;

  public Decisions(
      Requests requests,
      Judge judge,
      Prices prices,
      JobCatalog jobs,
      RetryTime retryTime,
      Clock clock) {
    this.requests = requests;
    this.judge = judge;
    this.prices = prices;
    this.jobs = jobs;
    this.retryTime = retryTime;
    this.clock = clock;
  }

  private record Parsed(int n, ResultLine line, JsonNode json) {}

  /**
   * Decisions for the lines that answer a request of this batch, the first line of each; lines of
   * foreign, unknown or repeated ids, and lines that are no JSON, are counted and passed over.
   */
  public List<Decision> of(
      @Body List<ResultLine> lines,
      @Variable("batch") Batch batch,
      @Variable("tally") Tally tally) {
    Map<Integer, Parsed> first = new LinkedHashMap<>();
    // below an incomplete download stands the next one, which repeats what the first had
    boolean repeats = batch.downloads() > 1;
    for (ResultLine line : lines) {
      JsonNode json = json(line.text());
      Optional<Parsed> parsed = parsed(line, json, batch);
      if (parsed.isEmpty()) {
        tally.stray(isBroken(line, json));
      } else if (!tally.firstOf(parsed.get().n())) {
        tally.repeated(repeats);
      } else {
        tally.result(parsed.get().json().path("result").path("type").asText(""));
        first.put(parsed.get().n(), parsed.get());
      }
    }
    Map<Integer, Request> known = requests.byN(batch.nonce(), first.keySet());
    List<Decision> decisions = new ArrayList<>();
    for (Parsed parsed : first.values()) {
      Request request = known.get(parsed.n());
      if (request == null) {
        tally.stray(false);
      } else {
        decisions.add(decision(batch, request, parsed));
      }
    }
    return decisions;
  }

  /** A line that was meant to be a result and can't be read, unlike a line of a web page. */
  private static boolean isBroken(ResultLine line, JsonNode json) {
    String text = line.text();
    boolean unreadable = json.isMissingNode() || json.path("custom_id").asText("").isEmpty();
    return unreadable && (text == null || text.startsWith("{"));
  }

  private static Optional<Parsed> parsed(ResultLine line, JsonNode json, Batch batch) {
    return CustomId.parse(json.path("custom_id").asText(""))
        .filter(id -> id.nonce().equals(batch.nonce()) && id.job().equals(batch.job()))
        .filter(id -> json.path("result").isObject())
        .map(id -> new Parsed(id.n(), line, json));
  }

  private static JsonNode json(@Nullable String text) {
    try {
      return text == null ? MissingNode.getInstance() : JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  private Decision decision(Batch batch, Request request, Parsed parsed) {
    ResultLine line = parsed.line();
    JsonNode json = parsed.json().path("result");
    Result result = line.outline() ? Result.outlined(json, line.length()) : Result.of(json);
    Outcome outcome = judge.judge(batch, request, result, mostTokens(request));
    JsonNode message = json.path("message");
    Instant createdAt = Objects.requireNonNullElse(batch.createdAt(), clock.instant());
    Bill bill = message.isMissingNode() ? Bill.NONE : Bill.of(message, prices, createdAt);
    Prices.Cost cost = bill.cost();
    return new Decision(
        request,
        outcome,
        message.path("model").textValue(),
        bill.usage(),
        cost == null ? null : cost.batch(),
        cost == null ? null : cost.realTime(),
        bill.unpriced(),
        line.offset(),
        line.length(),
        retryTime.of(batch, request, outcome));
  }

  private int mostTokens(Request request) {
    int model =
        prices
            .model(Objects.requireNonNullElse(request.model(), ""))
            .map(Prices.Model::maxOutputTokens)
            .orElse(Integer.MAX_VALUE);
    return jobs.has(request.job())
        ? Math.min(model, jobs.get(request.job()).maxTokensCap())
        : request.maxTokens();
  }
}
