package dev.caravan.check;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.settings.Effort;
import dev.caravan.settings.Fault;
import dev.caravan.settings.Job;
import dev.caravan.settings.Prices;
import dev.caravan.settings.Thinking;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a model takes what a job asks of it and for how long yet, by what the API itself says (a
 * ModelInfo). What it leaves out is no fault.
 */
final class ApiModel {
  private static final Duration WARNED = Duration.ofDays(60);

  private final Job job;
  private final String key;
  private final String id;
  private final JsonNode info;
  private final List<Fault> faults = new ArrayList<>();

  /** The model that {@code key} of the job names. */
  ApiModel(Job job, String key, String id, JsonNode info) {
    this.job = job;
    this.key = key;
    this.id = id;
    this.info = info;
  }

  List<Fault> faults(Prices prices, Instant now) {
    Prices.Model known = prices.model(id).orElse(null);
    if (!gone(known, now)) {
      limits();
      thinking(known == null ? Thinking.UNKNOWN : known.thinking());
    }
    return faults;
  }

  private boolean gone(Prices.@Nullable Model known, Instant now) {
    Instant end = end();
    boolean retired =
        info.path("lifecycle").asText().equals("retired") || end != null && !end.isAfter(now);
    String day = end == null ? "" : " on " + Prices.utcDay(end) + " (UTC)";
    if (retired) {
      refuse(
          key + " is " + id + ", which the API has retired" + day + ": requests fail", use(known));
    } else if (end != null
        && !end.isAfter(now.plus(WARNED))
        && (known == null || !Prices.utcDay(end).equals(known.retiredOn()))) {
      refuse(key + " is " + id + ", which the API retires" + day, use(known));
      faults.set(0, faults.get(0).asWarning());
    }
    return retired;
  }

  private static String use(Prices.@Nullable Model known) {
    return known == null || known.replacement() == null
        ? "Use another model of config/prices.yaml."
        : "Use " + known.replacement() + ".";
  }

  private @Nullable Instant end() {
    try {
      String text = info.path("retires_at").asText("");
      return text.isEmpty() || text.equals("null") ? null : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }

  private void limits() {
    int most = info.path("max_tokens").asInt(Integer.MAX_VALUE);
    if (job.maxTokens() > most) {
      refuse(
          "max-tokens is %d, but the API says that %s answers with at most %d"
              .formatted(job.maxTokens(), id, most),
          "Lower it, or use another model.");
    }
    needs("batch", key + " is " + id + ", which the API does not take in batches");
    needs("structured_outputs", key + " is " + id + ", which takes no output.schema.json");
  }

  private void needs(String capability, String message) {
    if (isRefused(info.path("capabilities").path(capability))) {
      refuse(message, "Use another model.");
    }
  }

  private void thinking(Thinking thinking) {
    JsonNode capabilities = info.path("capabilities");
    Effort effort = job.effort();
    JsonNode efforts = capabilities.path("effort");
    if (effort != null && (isRefused(efforts) || isRefused(efforts.path(effort.word())))) {
      refuse(
          "effort is " + effort.word() + ", which the API does not take for " + id,
          "Write another effort, or remove the line.");
    }
    String type = thinking.params(job.thinking(), effort).type();
    if (type != null && isRefused(capabilities.path("thinking").path("types").path(type))) {
      refuse(
          "thinking is sent as " + type + ", which the API does not take for " + id,
          "Remove the line thinking=, or correct the model in config/prices.yaml.");
    }
  }

  private static boolean isRefused(JsonNode capability) {
    return capability.path("supported").isBoolean() && !capability.path("supported").asBoolean();
  }

  private void refuse(String message, String remedy) {
    faults.add(Fault.in("config/jobs/" + job.name() + "/job.properties", message, remedy));
  }
}
