package dev.caravan.extract;

import dev.caravan.spool.RequestLine;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;

/** The request lines of a chunk in one list; a record that was rejected leaves none. */
public final class GatheredLines implements AggregationStrategy {

  @Override
  @SuppressWarnings("unchecked")
  public Exchange aggregate(@Nullable Exchange gathered, Exchange next) {
    // an exchange of its own: that of a rejected record is marked, and errors after it go unhandled
    Exchange result = gathered == null ? new DefaultExchange(next.getContext()) : gathered;
    if (gathered == null) {
      result.getMessage().setBody(new ArrayList<RequestLine>());
    }
    if (next.getMessage().getBody() instanceof RequestLine line) {
      result.getMessage().getBody(List.class).add(line);
    }
    return result;
  }
}
