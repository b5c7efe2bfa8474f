package dev.caravan.settings;

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
  private static final int WARN_DAYS = 60;

  private final Job job;
  private final Prices prices;
  private final LocalDate today;
  private final PropertiesText properties;
  private final List<Fault> faults = new ArrayList<>();

  ModelCheck(Job job, Prices prices, LocalDate today) {
    this.job = job;
    this.prices = prices;
    this.today = today;
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
    if (!end.isAfter(today)) {
      fault(key, key + " is " + model.id() + ", retired " + end + ": requests fail", use);
    } else if (!end.isAfter(today.plusDays(WARN_DAYS))) {
      fault(key, key + " is " + model.id() + ", which retires on " + end, use);
      faults.set(faults.size() - 1, faults.get(faults.size() - 1).asWarning());
    }
  }

  private void limits(String key, Prices.Model model) {
    boolean retired = model.retiredOn() != null && !model.retiredOn().isAfter(today);
    if (!model.structuredOutputs() && !retired) {
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

  private void fault(String key, String message, String remedy) {
    PropertiesText.Entry entry = properties.entry(key);
    faults.add(new Fault(properties.file(), entry == null ? 0 : entry.line(), message, remedy));
  }
}
