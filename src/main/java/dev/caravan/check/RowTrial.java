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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Predicate;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.WhenDefinition;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;

/** Puts one real row through a job's request route: each rule, the prompt, the request. */
final class RowTrial {
  private static final Pattern COLUMN =
      Pattern.compile("\\$\\{body\\[['\"]?([A-Za-z0-9_]+)['\"]?]");

  private final Job job;
  private final SourceRow row;
  private final CamelContext context;
  private final RequestWriter writer;
  private final Optional<RoutePart> route;
  private final List<Fault> faults = new ArrayList<>();

  RowTrial(
      Job job,
      SourceRow row,
      RouteFolder folder,
      CamelContext context,
      Prices prices,
      Settings settings,
      Clock clock) {
    this.job = job;
    this.row = row;
    this.context = context;
    this.writer = new RequestWriter(prices, settings.submit().maxRequestBytes(), clock);
    String id = job.name() + "-request";
    this.route = folder.routes().stream().filter(r -> r.id().equals(id)).findFirst();
  }

  List<Fault> faults() {
    if (route.isEmpty()) {
      return faults;
    }
    columns(route.get());
    if (row.first() != null && context.getRoute(route.get().id()) != null) {
      rules(route.get(), row.first());
      request(route.get(), row.first());
    }
    return faults;
  }

  /** A column that is not there compares false without an error. */
  private void columns(RoutePart part) {
    for (YamlNode scalar : part.item().node().scalars()) {
      COLUMN
          .matcher(scalar.text())
          .results()
          .map(use -> use.group(1))
          .filter(column -> !row.columns().containsKey(column))
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
                          Nearest.remedy(column, row.columns().keySet()))));
    }
  }

  /** Every rule, also those behind one that holds for this row. */
  private void rules(RoutePart part, Map<String, @Nullable Object> first) {
    RouteDefinition definition =
        context
            .getCamelContextExtension()
            .getContextPlugin(Model.class)
            .getRouteDefinition(part.id());
    for (ChoiceDefinition choice :
        ProcessorDefinitionHelper.filterTypeInOutputs(
            definition.getOutputs(), ChoiceDefinition.class)) {
      for (WhenDefinition when : choice.getWhenClauses()) {
        try {
          Predicate rule = when.getExpression().createPredicate(context);
          rule.initPredicate(context);
          rule.matches(exchange(first));
        } catch (Exception e) {
          faults.add(
              new Fault(
                  part.file().shown(),
                  Math.max(when.getLineNumber(), part.line()),
                  "a rule fails for the first row of extract.sql: " + CamelFailure.message(e),
                  "It reads: " + when.getExpression().getExpression()));
        }
      }
    }
  }

  private void request(RoutePart part, Map<String, @Nullable Object> first) {
    Optional<RecordKey> key = RecordKey.of(job.key(), first);
    if (key.isEmpty()) {
      return;
    }
    try {
      Exchange exchange = exchange(first);
      Claim claim = new Claim(key.get(), first, "", "{}", 1, 1, 1, null);
      exchange.setVariable("claim", claim);
      Exchange done = context.createProducerTemplate().send(part.fromUri(), exchange);
      if (done.getException() != null) {
        throw done.getException();
      }
      String model = done.getVariable("model", String.class);
      Prompt prompt = done.getMessage().getBody(Prompt.class);
      if (model == null || prompt == null) {
        faults.add(
            part.fault(
                part.item().node(),
                part.id()
                    + " leaves "
                    + (model == null ? "no variable model" : "no prompt as its body"),
                "End it with the bean prompts, method render, and set the variable model before."));
        return;
      }
      writer.write(prompt, model, claim, Extraction.rehearsal(job));
    } catch (FaultsException told) {
      return;
    } catch (Exception e) {
      faults.add(failure(part, key.get(), e));
    }
  }

  private static Fault failure(RoutePart part, RecordKey key, Exception e) {
    String what = e instanceof RecordFault fault ? fault.cause() + ": " : "";
    return part.fault(
        part.item().node(),
        "record " + key.text() + " could not be sent: " + what + CamelFailure.message(e),
        "Correct prompt.md, the rule, or the row; such a record is rejected and the rest goes on.");
  }

  private Exchange exchange(Map<String, @Nullable Object> first) {
    Exchange exchange = new DefaultExchange(context);
    exchange.getMessage().setBody(new LinkedHashMap<>(first));
    exchange.setVariable("job", job.name());
    exchange.setVariable("extraction", Extraction.rehearsal(job));
    return exchange;
  }
}
