package dev.caravan.settings;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether the models that a job names (model=, and params such as large-model) are known, alive and
 * big enough.
 */
final class ModelCheck {
  private static final Duration WARNED = Duration.ofDays(60);

  private final Job job;
  private final Prices prices;
  private final Instant now;
  private final PropertiesText properties;
  private final List<Fault> faults = new ArrayList<>();

  ModelCheck(Job job, Prices prices, Instant now) {
    this.job = job;
    this.prices = prices;
    this.now = now;
    this.properties =
        PropertiesText.read(
            job.folder().resolve("job.properties"),
            "config/jobs/" + job.name() + "/job.properties");
  }

  List<Fault> faults() {
    Map<String, String> named = new LinkedHashMap<>();
    named.put("model", job.model());
    job.params()
        .forEach(
            (name, value) -> {
              if (value.startsWith("claude")) {
                named.put("param." + name, value);
              }
            });
    named.forEach(this::check);
    shortest();
    return faults;
  }

  private void check(String key, String id) {
    Optional<Prices.Model> model = prices.model(id).filter(known -> known.isNamed(id));
    if (model.isPresent()) {
      life(key, model.get());
      limits(key, model.get());
      thinking(key, model.get());
      return;
    }
    List<String> living =
        prices.models().stream().filter(m -> m.retiredOn() == null).map(Prices.Model::id).toList();
    fault(
        key,
        key + " is " + id + ", which config/prices.yaml does not know",
        prices
            .model(id)
            .map(undated -> "Without the date: " + undated.id() + ".")
            .orElseGet(
                () ->
                    Nearest.remedy(id, living)
                        + " A new model: add it to config/prices.yaml with its price."));
  }

  private void life(String key, Prices.Model model) {
    LocalDate end = model.retiredOn();
    if (end == null) {
      return;
    }
    String use = model.replacement() == null ? "" : "Use " + model.replacement() + ".";
    if (model.isRetired(now)) {
      fault(key, key + " is " + model.id() + ", retired " + end + ": requests fail", use);
    } else if (model.isRetired(now.plus(WARNED))) {
      warning(key, key + " is " + model.id() + ", which retires on " + end, use);
    }
  }

  private void limits(String key, Prices.Model model) {
    if (!model.structuredOutputs() && !model.isRetired(now)) {
      fault(
          key,
          key + " is " + model.id() + ", which takes no output.schema.json",
          "Use a newer model.");
    }
    if (job.maxTokens() > model.maxOutputTokens()) {
      fault(
          "max-tokens",
          "max-tokens is %d, but %s of %s answers with at most %d"
              .formatted(job.maxTokens(), model.id(), key, model.maxOutputTokens()),
          "Lower it, or use another model.");
    }
  }

  /** The names of its fields alone, at three characters a token. */
  private void shortest() {
    int tokens = AnswerFields.of(job.schema()).stream().mapToInt(n -> n.length() + 6).sum() / 3;
    if (job.maxTokens() < tokens) {
      fault(
          "max-tokens",
          "max-tokens is %d, but an answer with these fields takes more than %d tokens"
              .formatted(job.maxTokens(), tokens),
          "Raise it: answers would be cut off, and each be paid several times.");
    }
  }

  private void thinking(String key, Prices.Model model) {
    if (model.isRetired(now)) {
      return;
    }
    String name = model.id() + " of " + key;
    Optional<Thinking.Refusal> refusal =
        model.thinking().refusal(name, job.thinking(), job.effort());
    refusal.ifPresent(r -> fault(r.key(), r.message(), r.remedy()));
    Effort effort = model.thinking().effortOf(job.effort());
    if (refusal.isEmpty()
        && model.thinking().thinks(job.thinking())
        && job.maxTokens() < effort.fewestTokens()) {
      String lower = effort == Effort.LOW ? "" : "effort=low, or ";
      warning(
          "max-tokens",
          ("max-tokens is %d, and %s thinks with effort %s before it answers: answers may be cut"
                  + " off and paid again")
              .formatted(job.maxTokens(), name, effort.word()),
          "Write %smax-tokens=%d or more: only what is used is paid."
              .formatted(lower, effort.fewestTokens()));
    }
  }

  private void warning(String key, String message, String remedy) {
    faults.add(at(key, message, remedy).asWarning());
  }

  private void fault(String key, String message, String remedy) {
    faults.add(at(key, message, remedy));
  }

  private Fault at(String key, String message, String remedy) {
    PropertiesText.Entry entry = properties.entry(key);
    return new Fault(properties.file(), entry == null ? 0 : entry.line(), message, remedy);
  }
}
