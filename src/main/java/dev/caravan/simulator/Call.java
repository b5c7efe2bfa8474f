package dev.caravan.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request as the endpoints see it.
 *
 * @param headers by lower-case name, the last of each
 * @param contentLength bytes, or -1 if not told
 */
record Call(
    String method,
    String path,
    Map<String, String> query,
    Map<String, String> headers,
    InputStream body,
    long contentLength) {

  @Nullable String header(String name) {
    return headers.get(name);
  }

  /** The address that the caller used, without a slash at the end. */
  String baseUrl() {
    return "http://" + headers.getOrDefault("host", "localhost");
  }

  int number(String name, int otherwise) {
    String value = query.get(name);
    try {
      return value == null ? otherwise : Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw ApiError.invalid(
          name + ": Input should be a valid integer, unable to parse string as an integer");
    }
  }

  /** The whole body as JSON, an empty object if there is none. */
  JsonNode json() throws IOException {
    try {
      JsonNode json = Json.MAPPER.readTree(body);
      return json.isMissingNode() ? Json.object() : json;
    } catch (JsonProcessingException e) {
      throw notJson(e);
    }
  }

  static ApiError notJson(JsonProcessingException cause) {
    return ApiError.invalid("The request body is not valid JSON: " + cause.getOriginalMessage());
  }
}
