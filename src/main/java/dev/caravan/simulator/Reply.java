package dev.caravan.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** An HTTP answer: status, own headers, and a body that is written when the status is out. */
record Reply(int status, Map<String, String> headers, String contentType, Body body) {

  /** Writes an answer's body. */
  interface Body {
    void writeTo(OutputStream out) throws IOException;
  }

  static Reply json(int status, JsonNode json) {
    try {
      byte[] bytes = Json.MAPPER.writeValueAsBytes(json);
      return new Reply(status, Map.of(), "application/json", out -> out.write(bytes));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Reply page(String html) {
    byte[] bytes = html.getBytes(StandardCharsets.UTF_8);
    return new Reply(200, Map.of(), "text/html", out -> out.write(bytes));
  }

  static Reply json(JsonNode json) {
    return json(200, json);
  }

  static Reply of(ApiError error, String requestId) {
    Map<String, String> headers = new HashMap<>();
    if (error.status() == 404) {
      headers.put("x-should-retry", "false");
    }
    if (error.retryAfter() != null) {
      headers.put("retry-after", error.retryAfter().toString());
    }
    return json(error.status(), error.body(requestId)).with(headers);
  }

  /** The same, breaking off after {@code bytes} of the body. */
  Reply cut(int bytes, boolean reset) {
    return new Reply(
        status,
        headers,
        contentType,
        out -> {
          body.writeTo(new CutStream(out, bytes, reset));
          out.flush();
          throw new ConnectionCut(reset);
        });
  }

  Reply with(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(headers);
    all.putAll(more);
    return new Reply(status, Map.copyOf(all), contentType, body);
  }
}
