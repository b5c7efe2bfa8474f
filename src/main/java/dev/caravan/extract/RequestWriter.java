package dev.caravan.extract;

import dev.caravan.batch.Claim;
import dev.caravan.batch.RecordFault;
import dev.caravan.settings.Job;
import dev.caravan.settings.Prices;
import dev.caravan.settings.Prompt;
import dev.caravan.settings.Thinking;
import dev.caravan.spool.RequestLine;
import java.time.Clock;
import java.util.List;
import org.apache.camel.Body;
import org.apache.camel.Variable;
import org.jspecify.annotations.Nullable;

/**
 * Turns a prompt into the Messages parameters of one request, refusing here what the API would
 * refuse hours later.
 */
public final class RequestWriter {
  private static final int CHARACTERS_PER_TOKEN = 4;

  private final Prices prices;
  private final long maxBytes;
  private final Clock clock;

  /** {@code maxBytes} is the largest request allowed (the API takes 32 MB). */
  public RequestWriter(Prices prices, long maxBytes, Clock clock) {
    this.prices = prices;
    this.maxBytes = maxBytes;
    this.clock = clock;
  }

  /**
   * The request line of a claimed record.
   *
   * @throws RecordFault when the model would not accept it
   */
  public RequestLine write(
      @Body Prompt prompt,
      @Variable("model") String model,
      @Variable("claim") Claim claim,
      @Variable("extraction") Extraction extraction) {
    Job job = extraction.job();
    if (prompt.user().isBlank()) {
      throw new RecordFault("empty_prompt", "The prompt of this record is empty");
    }
    List<byte[]> params =
        extraction.frame(prompt.system(), model, this::frame).around(prompt.user());
    RequestLine line =
        new RequestLine(claim, model, job.maxTokens(), extraction.format().hash(), params);
    if (line.paramsBytes() > maxBytes) {
      throw new RecordFault(
          "too_large",
          "The request is "
              + line.paramsBytes()
              + " bytes; submit.max-request-bytes allows "
              + maxBytes);
    }
    return line;
  }

  /** What the requests of a job to one model share, once the model is known to take them. */
  private ParamsFrame frame(Extraction extraction, @Nullable String system, String model) {
    Job job = extraction.job();
    prices.model(model).ifPresent(known -> check(known, job));
    Thinking thinking = prices.model(model).map(Prices.Model::thinking).orElse(Thinking.UNKNOWN);
    Thinking.Params asked = thinking.params(job.thinking(), job.effort());
    String ttl = system == null ? null : cacheTtl(system, model, job.cache());
    return ParamsFrame.of(model, job.maxTokens(), asked, system, ttl, extraction.format().text());
  }

  private void check(Prices.Model model, Job job) {
    int maxTokens = job.maxTokens();
    if (model.isRetired(clock.instant())) {
      throw new RecordFault(
          "model_retired", "Model " + model.id() + " was retired on " + model.retiredOn());
    }
    if (maxTokens > model.maxOutputTokens()) {
      throw new RecordFault(
          "max_tokens",
          "max-tokens is "
              + maxTokens
              + "; "
              + model.id()
              + " gives at most "
              + model.maxOutputTokens());
    }
    if (!model.structuredOutputs()) {
      throw new RecordFault(
          "no_structured_outputs", "Model " + model.id() + " takes no output schema");
    }
    model
        .thinking()
        .refusal(model.id(), job.thinking(), job.effort())
        .ifPresent(
            refused -> {
              throw new RecordFault(
                  "thinking_refused", refused.message() + ". " + refused.remedy());
            });
  }

  /** Shorter prefixes than the model's minimum are not cached, silently: don't ask for it. */
  private @Nullable String cacheTtl(String system, String model, Job.Cache cache) {
    int minimum = prices.model(model).map(Prices.Model::minCacheTokens).orElse(0);
    if (cache == Job.Cache.OFF || system.length() / CHARACTERS_PER_TOKEN < minimum) {
      return null;
    }
    return cache == Job.Cache.ONE_HOUR ? "1h" : "5m";
  }
}
