package dev.caravan.extract;

import dev.caravan.spool.RequestLine;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** The request lines of a chunk in one list; a record that was rejected leaves none. */
public final class GatheredLines implements AggregationStrategy {

  @Override
  @SuppressWarnings("unchecked")
  public Exchange aggregate(@Nullable Exchange gathered, Exchange next) {
    Object body = next.getMessage().getBody();
    Exchange result = gathered == null ? next : gathered;
    List<RequestLine> lines =
        gathered == null ? new ArrayList<>() : gathered.getMessage().getBody(List.class);
    if (body instanceof RequestLine line) {
      lines.add(line);
    }
    result.getMessage().setBody(lines);
    return result;
  }
}
