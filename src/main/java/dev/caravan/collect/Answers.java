package dev.caravan.collect;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import dev.caravan.ledger.Schemas;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Reads the answer out of a Message and holds it against the schema its own request was sent with.
 */
public final class Answers {
  /** JSON with texts of any length: a line that is longer than Jackson's limit is paid, too. */
  static final JsonFactory ANY_LENGTH =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .build();

  private static final ObjectMapper JSON =
      JsonMapper.builder(ANY_LENGTH)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final Schemas schemas;
  private final Map<String, JsonSchema> compiled = new ConcurrentHashMap<>();

  public Answers(Schemas schemas) {
    this.schemas = schemas;
  }

  /** An answer that does not fit, for people. */
  static final class Misfit extends Exception {
    private static final long serialVersionUID = 1L;

    Misfit(String message) {
      super(message);
    }
  }

  /**
   * The answer of a Message: its text blocks joined (a thinking block may come first), parsed. An
   * optional field that it lacks is null.
   *
   * @throws Misfit when it is not JSON or does not match the schema
   */
  JsonNode read(JsonNode message, String schemaHash) throws Misfit {
    JsonNode answer = parse(text(message));
    JsonSchema schema = compiled.computeIfAbsent(schemaHash, this::compile);
    spellAsInSchema(answer, schema.getSchemaNode());
    Set<ValidationMessage> problems = schema.validate(answer);
    if (!problems.isEmpty()) {
      throw new Misfit(
          problems.stream()
              .map(ValidationMessage::getMessage)
              .limit(5)
              .collect(Collectors.joining("; ")));
    }
    schema
        .getSchemaNode()
        .path("properties")
        .fieldNames()
        .forEachRemaining(name -> ((ObjectNode) answer).putIfAbsent(name, NullNode.instance));
    return answer;
  }

  /** Whether a message that was read whole has no word of an answer: only thinking, or nothing. */
  static boolean endsBeforeText(JsonNode message) {
    return message.path("content").isArray() && text(message).isBlank();
  }

  private static String text(JsonNode message) {
    StringBuilder text = new StringBuilder();
    for (JsonNode block : message.path("content")) {
      if (block.path("type").asText().equals("text")) {
        text.append(block.path("text").asText());
      }
    }
    return text.toString();
  }

  private static JsonNode parse(String text) throws Misfit {
    try {
      JsonNode answer = JSON.readTree(text);
      if (!answer.isObject()) {
        throw new Misfit("the answer is no JSON object: " + clipped(text));
      }
      return answer;
    } catch (JsonProcessingException e) {
      throw new Misfit("the answer is not JSON: " + clipped(text));
    }
  }

  /** The case of enum values is not guaranteed by the API: they are spelt as the schema does. */
  private static void spellAsInSchema(JsonNode answer, JsonNode schema) {
    schema
        .path("properties")
        .fields()
        .forEachRemaining(
            property -> {
              JsonNode value = answer.path(property.getKey());
              for (JsonNode allowed : property.getValue().path("enum")) {
                if (value.isTextual()
                    && allowed.isTextual()
                    && value.asText().equalsIgnoreCase(allowed.asText())) {
                  ((ObjectNode) answer).set(property.getKey(), TextNode.valueOf(allowed.asText()));
                }
              }
            });
  }

  private JsonSchema compile(String hash) {
    JsonSchema schema =
        JsonSchemaFactory.getInstance(VersionFlag.V202012)
            .getSchema(
                schemas.text(hash),
                SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build());
    schema.initializeValidators();
    return schema;
  }

  private static String clipped(String text) {
    return text.length() <= 200 ? text : text.substring(0, 200) + "…";
  }
}
