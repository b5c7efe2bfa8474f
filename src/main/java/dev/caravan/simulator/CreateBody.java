package dev.caravan.simulator;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a create, one request at a time, into a spool. Checks at once what the API
 * checks at once (shape, custom_id); the whole body is read even after a fault, since JSON that is
 * no JSON is told before anything else.
 */
final class CreateBody {
  private static final int MOST = 100_000;
  private static final Pattern CUSTOM_ID = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

  private final Spool.Writer spool;
  private final Set<String> customIds = new HashSet<>();
  private int requests;
  private boolean seen;
  private @Nullable String fault;
  private @Nullable String duplicate;

  private CreateBody(Spool.Writer spool) {
    this.spool = spool;
  }

  /**
   * Writes every request to {@code spool}.
   *
   * @return how many
   * @throws ApiError 400 with the API's text for the first fault
   */
  static int read(InputStream in, Spool.Writer spool) throws IOException {
    CreateBody body = new CreateBody(spool);
    try (JsonParser parser = Json.MAPPER.createParser(in)) {
      body.readWrapper(parser);
    } catch (JsonProcessingException e) {
      throw Call.notJson(e);
    }
    body.finish();
    return body.requests;
  }

  private void readWrapper(JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      blame("Input should be a valid dictionary or object to extract fields from");
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      if (name.equals("requests")) {
        readRequests(parser);
      } else {
        blame(name + ": Extra inputs are not permitted");
        parser.skipChildren();
      }
    }
  }

  private void readRequests(JsonParser parser) throws IOException {
    seen = true;
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      blame("requests: Input should be a valid list");
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      readRequest(parser);
      requests++;
    }
  }

  private void readRequest(JsonParser parser) throws IOException {
    JsonNode request = Json.MAPPER.readTree(parser);
    String at = "requests." + requests;
    String found = request instanceof ObjectNode object ? check(at, object) : at + notAnObject();
    if (found != null) {
      blame(found);
      return;
    }
    String customId = request.get("custom_id").asText();
    if (!customIds.add(customId) && duplicate == null) {
      duplicate = customId;
    }
    if (fault == null && requests < MOST) {
      spool.add(request);
    }
  }

  private static @Nullable String check(String at, ObjectNode request) {
    JsonNode customId = request.get("custom_id");
    if (customId == null) {
      return at + ".custom_id: Field required";
    }
    if (!customId.isTextual()) {
      return at + ".custom_id: Input should be a valid string";
    }
    if (customId.asText().length() > 64) {
      return at + ".custom_id: String should have at most 64 characters";
    }
    if (!CUSTOM_ID.matcher(customId.asText()).matches()) {
      return at + ".custom_id: String should match pattern '^[a-zA-Z0-9_-]{1,64}$'";
    }
    JsonNode params = request.get("params");
    if (params == null) {
      return at + ".params: Field required";
    }
    if (!params.isObject()) {
      return at + ".params" + notAnObject();
    }
    return request.properties().stream()
        .map(property -> property.getKey())
        .filter(name -> !name.equals("custom_id") && !name.equals("params"))
        .findFirst()
        .map(name -> at + "." + name + ": Extra inputs are not permitted")
        .orElse(null);
  }

  private static String notAnObject() {
    return ": Input should be a valid dictionary or object to extract fields from";
  }

  private void blame(String found) {
    fault = fault == null ? found : fault;
  }

  private void finish() {
    if (fault == null && !seen) {
      fault = "requests: Field required";
    }
    if (fault == null && requests == 0) {
      fault = "requests: List should have at least 1 item after validation, not 0";
    }
    if (fault == null && requests > MOST) {
      fault =
          "requests: List should have at most " + MOST + " items after validation, not " + requests;
    }
    if (fault == null && duplicate != null) {
      fault =
          "requests: custom_id's must be unique within a batch. Duplicate custom_id found: "
              + duplicate;
    }
    if (fault != null) {
      throw ApiError.invalid(fault);
    }
  }
}
