package dev.caravan.check;

import dev.caravan.batch.Claim;
import dev.caravan.batch.RecordFault;
import dev.caravan.batch.RecordKey;
import dev.caravan.extract.Extraction;
import dev.caravan.extract.RequestWriter;
import dev.caravan.settings.Fault;
import dev.caravan.settings.FaultsException;
import dev.caravan.settings.Job;
import dev.caravan.settings.Nearest;
import dev.caravan.settings.Prices;
import dev.caravan.settings.Prompt;
import dev.caravan.settings.Settings;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Predicate;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.WhenDefinition;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;

/** Puts real rows through a job's request route: each rule, the prompt, the request. */
final class RowTrial {
  private static final Pattern COLUMN =
      Pattern.compile("\\$\\{body\\[['\"]?([A-Za-z0-9_]+)['\"]?]");

  /** What differs from record to record in messages about the same fault. */
  private static final Pattern VALUE = Pattern.compile("\\d[\\d.,]*|'[^']*'|\"[^\"]*\"");

  private static final Duration LONGEST = Duration.ofSeconds(20);

  private final Job job;
  private final SourceSample sample;
  private final CamelContext context;
  private final RequestWriter writer;
  private final Optional<RoutePart> route;
  private final Extraction extraction;
  private final ProducerTemplate producer;
  private final List<Fault> faults = new ArrayList<>();
  private final Map<String, Trouble> troubles = new LinkedHashMap<>();
  private int tried;

  RowTrial(
      Job job,
      SourceSample sample,
      RouteFolder folder,
      CamelContext context,
      Prices prices,
      Settings settings,
      Clock clock) {
    this.job = job;
    this.sample = sample;
    this.context = context;
    this.writer = new RequestWriter(prices, settings.submit().maxRequestBytes(), clock);
    this.extraction = Extraction.rehearsal(job);
    this.producer = context.createProducerTemplate();
    String id = job.name() + "-request";
    this.route = folder.routes().stream().filter(r -> r.id().equals(id)).findFirst();
  }

  List<Fault> faults() {
    if (route.isEmpty()) {
      return faults;
    }
    columns(route.get());
    if (!sample.rows().isEmpty() && context.getRoute(route.get().id()) != null) {
      List<Rule> rules = rules(route.get());
      long end = System.nanoTime() + LONGEST.toNanos();
      for (int i = 0; i < sample.rows().size() && System.nanoTime() < end; i++) {
        String name = SourceSample.name(job.key(), sample.rows().get(i), i + 1);
        Map<String, @Nullable Object> row = sample.rows().get(i);
        rules.forEach(rule -> matches(rule, row, name));
        request(route.get(), row, name);
        tried++;
      }
    }
    troubles.values().forEach(trouble -> faults.add(trouble.fault(tried)));
    return faults;
  }

  /** A column that is not there compares false without an error. */
  private void columns(RoutePart part) {
    for (YamlNode scalar : part.item().node().scalars()) {
      COLUMN
          .matcher(scalar.text())
          .results()
          .map(use -> use.group(1))
          .filter(column -> !sample.columns().containsKey(column))
          .forEach(
              column ->
                  faults.add(
                      part.fault(
                          scalar,
                          "extract.sql gives no column "
                              + column
                              + ": ${body["
                              + column
                              + "]} would be empty for every record",
                          Nearest.remedy(column, sample.columns().keySet()))));
    }
  }

  /** Every rule, also those behind one that holds for a row. */
  private List<Rule> rules(RoutePart part) {
    RouteDefinition definition =
        context
            .getCamelContextExtension()
            .getContextPlugin(Model.class)
            .getRouteDefinition(part.id());
    List<Rule> rules = new ArrayList<>();
    for (ChoiceDefinition choice :
        ProcessorDefinitionHelper.filterTypeInOutputs(
            definition.getOutputs(), ChoiceDefinition.class)) {
      for (WhenDefinition when : choice.getWhenClauses()) {
        String text = when.getExpression().getExpression();
        int line = Math.max(when.getLineNumber(), part.line());
        Predicate predicate = when.getExpression().createPredicate(context);
        predicate.initPredicate(context);
        rules.add(new Rule(part.file().shown(), line, text, predicate));
      }
    }
    return rules;
  }

  private void matches(Rule rule, Map<String, @Nullable Object> row, String name) {
    try {
      rule.predicate().matches(exchange(row));
    } catch (Exception e) {
      String why = CamelFailure.message(e);
      trouble(
          rule.file() + rule.line(),
          new Fault(
              rule.file(),
              rule.line(),
              "a rule fails for " + name + ": " + why,
              "It reads: " + rule.text()));
    }
  }

  private void request(RoutePart part, Map<String, @Nullable Object> row, String name) {
    Optional<RecordKey> key = RecordKey.of(job.key(), row);
    if (key.isEmpty()) {
      return;
    }
    try {
      Exchange exchange = exchange(row);
      Claim claim = new Claim(key.get(), row, "", "{}", 1, 1, 1, null);
      exchange.setVariable("claim", claim);
      Exchange done = producer.send(part.fromUri(), exchange);
      if (done.getException() != null) {
        throw done.getException();
      }
      String model = done.getVariable("model", String.class);
      Prompt prompt = done.getMessage().getBody(Prompt.class);
      if (model == null || prompt == null) {
        trouble(
            "end", unfinished(part, model == null ? "no variable model" : "no prompt as its body"));
        return;
      }
      writer.write(prompt, model, claim, extraction);
    } catch (FaultsException told) {
      return;
    } catch (Exception e) {
      String cause = e instanceof RecordFault fault ? fault.cause() : "request_failed";
      String why = CamelFailure.message(e);
      trouble(cause + VALUE.matcher(why).replaceAll("…"), failure(part, name, cause + ": " + why));
    }
  }

  private void trouble(String kind, Fault first) {
    troubles.computeIfAbsent(kind, k -> new Trouble(first)).count++;
  }

  private static Fault unfinished(RoutePart part, String what) {
    return part.fault(
        part.item().node(),
        part.id() + " leaves " + what,
        "End it with the bean prompts, method render, and set the variable model before.");
  }

  private static Fault failure(RoutePart part, String name, String why) {
    return part.fault(
        part.item().node(),
        name + " could not be sent: " + why,
        "Correct prompt.md, the rule, or the row; at night such a record is rejected and the rest"
            + " continues.");
  }

  private Exchange exchange(Map<String, @Nullable Object> row) {
    Exchange exchange = new DefaultExchange(context);
    exchange.getMessage().setBody(new LinkedHashMap<>(row));
    exchange.setVariable("job", job.name());
    exchange.setVariable("extraction", extraction);
    return exchange;
  }

  private record Rule(String file, int line, String text, Predicate predicate) {}

  /** One fault that several rows have. */
  private static final class Trouble {
    private final Fault first;
    private int count;

    Trouble(Fault first) {
      this.first = first;
    }

    Fault fault(int tried) {
      return count == 1
          ? first
          : new Fault(
              first.file(),
              first.line(),
              first.message() + " (and " + (count - 1) + " more of " + tried + " rows tried)",
              first.remedy());
    }
  }
}
