package dev.caravan.api;

import java.io.IOException;
import java.io.InputStream;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/** Hands the body of a 200 answer to the caller's sink while the connection is open. */
public final class Download {

  public void into(Exchange exchange, @Variable("sink") BatchesApi.Sink sink) throws IOException {
    Integer status = exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
    if (status != null && status == 200) {
      try (InputStream body = exchange.getMessage().getBody(InputStream.class)) {
        sink.accept(body);
      }
      exchange.getMessage().setBody("");
    } else {
      exchange.getMessage().setBody(exchange.getMessage().getBody(String.class));
    }
  }
}
