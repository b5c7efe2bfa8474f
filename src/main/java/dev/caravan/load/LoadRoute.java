package dev.caravan.load;

import dev.caravan.batch.Reasons;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.util.ObjectHelper;
import org.jspecify.annotations.Nullable;

/** Sends answers to a job's load route; whatever goes wrong there is thrown. */
final class LoadRoute {
  private final ProducerTemplate producer;

  LoadRoute(ProducerTemplate producer) {
    this.producer = producer;
  }

  /** Some row of the chunk was missed: halving finds it. */
  static final class MissedRows extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /**
   * A fresh exchange, so that no header or variable can stand in for a missing parameter, marked
   * transacted, so that camel-sql does not commit and no step changes the thread.
   *
   * @throws NotLoaded when rows were missed and it is known which
   * @throws MissedRows when some row was missed
   */
  void send(String job, List<LoadRow> rows) {
    List<Map<String, @Nullable Object>> body = rows.stream().map(LoadRow::values).toList();
    Exchange done =
        producer.send(
            "direct:" + job + "-load",
            exchange -> {
              exchange.getMessage().setBody(body);
              exchange.setVariable("job", job);
              exchange.getExchangeExtension().setTransacted(true);
            });
    // an error that the route handled still means that rows may be missing
    Exception failure =
        done.getException() != null
            ? done.getException()
            : done.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
    // a route that splits the chunk wraps it
    NotLoaded missed = ObjectHelper.getException(NotLoaded.class, failure);
    if (missed != null) {
      throw placed(missed, body);
    }
    if (failure instanceof RuntimeException runtime) {
      throw runtime;
    }
    if (failure != null) {
      throw new IllegalStateException(Reasons.of(failure), failure);
    }
    checkCount(done, rows.size());
  }

  /** The route may have split or reordered the chunk: the answers tell which rows were missed. */
  private static RuntimeException placed(
      NotLoaded missed, List<Map<String, @Nullable Object>> body) {
    Set<Integer> places = new HashSet<>();
    for (Object answer : missed.answers()) {
      for (int i = 0; i < body.size(); i++) {
        if (body.get(i) == answer) {
          places.add(i);
        }
      }
    }
    if (body.size() == 1) {
      places.add(0);
    }
    return places.size() < missed.answers().size() || places.isEmpty()
        ? new MissedRows()
        : new NotLoaded(places, List.of(), String.valueOf(missed.getMessage()));
  }

  /** camel-sql's sum of update counts tells that a row was missed, though not which. */
  private static void checkCount(Exchange done, int size) {
    Integer count = done.getMessage().getHeader("CamelSqlUpdateCount", Integer.class);
    if (count != null && count >= 0 && count < size) {
      if (size == 1) {
        throw new NotLoaded(Set.of(0), List.of(), "the load route changed no row");
      }
      throw new MissedRows();
    }
  }
}
