package dev.caravan.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Anthropic's OpenAPI document as an oracle: does this JSON fit the schema of that name? */
public final class OpenApi {
  private final ObjectMapper mapper = new ObjectMapper();
  private final JsonNode document;
  private final JsonSchemaFactory factory =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
  private final Map<String, JsonSchema> schemas = new ConcurrentHashMap<>();

  public OpenApi() {
    try (InputStream json = OpenApi.class.getResourceAsStream("/anthropic-openapi.json")) {
      // as a plain JSON Schema, whose definitions have another place than OpenAPI's
      String text = new String(json.readAllBytes(), StandardCharsets.UTF_8);
      document = mapper.readTree(text.replace("#/components/schemas/", "#/$defs/"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Validates {@code json} against {@code components/schemas/<schemaName>}.
   *
   * @return what is wrong, each with its place; empty if it fits
   * @throws IllegalArgumentException if there is no such schema or the text is not JSON
   */
  public List<String> validate(String schemaName, String json) {
    try {
      return validate(schemaName, mapper.readTree(json));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** The same for JSON that was read already. */
  public List<String> validate(String schemaName, JsonNode json) {
    return schemas.computeIfAbsent(schemaName, this::schema).validate(json).stream()
        .map(ValidationMessage::getMessage)
        .sorted()
        .toList();
  }

  private JsonSchema schema(String name) {
    if (!document.at("/components/schemas").has(name)) {
      throw new IllegalArgumentException("the OpenAPI document has no schema " + name);
    }
    ObjectNode root = mapper.createObjectNode().put("$ref", "#/$defs/" + name);
    root.set("$defs", document.at("/components/schemas"));
    return factory.getSchema(root);
  }
}
