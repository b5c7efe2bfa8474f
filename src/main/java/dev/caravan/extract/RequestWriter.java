package dev.caravan.extract;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.caravan.batch.Claim;
import dev.caravan.batch.RecordFault;
import dev.caravan.settings.Job;
import dev.caravan.settings.Prices;
import dev.caravan.settings.Prompt;
import dev.caravan.spool.RequestLine;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
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
  private final JsonFactory json = new JsonFactory();

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
    check(prompt, model, job.maxTokens());
    String params = params(prompt, model, job, extraction.format());
    int bytes = params.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > maxBytes) {
      throw new RecordFault(
          "too_large",
          "The request is " + bytes + " bytes; submit.max-request-bytes allows " + maxBytes);
    }
    return new RequestLine(
        extraction.assembly(),
        claim,
        model,
        job.maxTokens(),
        extraction.format().hash(),
        params,
        bytes);
  }

  private void check(Prompt prompt, String model, int maxTokens) {
    if (prompt.user().isBlank()) {
      throw new RecordFault("empty_prompt", "The prompt of this record is empty");
    }
    prices.model(model).ifPresent(known -> check(known, maxTokens));
  }

  private void check(Prices.Model model, int maxTokens) {
    LocalDate retired = model.retiredOn();
    if (retired != null && !LocalDate.now(clock.withZone(ZoneOffset.UTC)).isBefore(retired)) {
      throw new RecordFault("model_retired", "Model " + model.id() + " was retired on " + retired);
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
  }

  private String params(Prompt prompt, String model, Job job, OutputFormat format) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = json.createGenerator(text)) {
      out.writeStartObject();
      out.writeStringField("model", model);
      out.writeNumberField("max_tokens", job.maxTokens());
      if (prompt.system() != null && !prompt.system().isBlank()) {
        system(out, prompt.system(), cacheTtl(prompt.system(), model, job.cache()));
      }
      out.writeArrayFieldStart("messages");
      out.writeStartObject();
      out.writeStringField("role", "user");
      out.writeStringField("content", prompt.user());
      out.writeEndObject();
      out.writeEndArray();
      out.writeFieldName("output_config");
      out.writeRawValue("{\"format\":{\"type\":\"json_schema\",\"schema\":" + format.text() + "}}");
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void system(JsonGenerator out, String text, @Nullable String ttl)
      throws IOException {
    out.writeArrayFieldStart("system");
    out.writeStartObject();
    out.writeStringField("type", "text");
    out.writeStringField("text", text);
    if (ttl != null) {
      out.writeObjectFieldStart("cache_control");
      out.writeStringField("type", "ephemeral");
      out.writeStringField("ttl", ttl);
      out.writeEndObject();
    }
    out.writeEndObject();
    out.writeEndArray();
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
