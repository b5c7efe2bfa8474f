package dev.caravan.extract;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.caravan.settings.Effort;
import dev.caravan.settings.Thinking;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The Messages parameters that all requests of a job to one model share, as JSON before and behind
 * the text of the one user message: encoded once, not for every record.
 */
final class ParamsFrame {
  private static final JsonFactory JSON = new JsonFactory();

  private final byte[] before;
  private final byte[] behind;

  private ParamsFrame(String before, String behind) {
    this.before = before.getBytes(StandardCharsets.UTF_8);
    this.behind = behind.getBytes(StandardCharsets.UTF_8);
  }

  /** {@code system} may be blank; {@code ttl} is null where it is not to be cached. */
  static ParamsFrame of(
      String model,
      int maxTokens,
      Thinking.Params thinking,
      @Nullable String system,
      @Nullable String ttl,
      String outputSchema) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      out.disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT);
      out.writeStartObject();
      out.writeStringField("model", model);
      out.writeNumberField("max_tokens", maxTokens);
      if (thinking.type() != null) {
        out.writeObjectFieldStart("thinking");
        out.writeStringField("type", thinking.type());
        out.writeEndObject();
      }
      if (system != null && !system.isBlank()) {
        system(out, system, ttl);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ParamsFrame(
        text + ",\"messages\":[{\"role\":\"user\",\"content\":\"",
        "\"}],\"output_config\":{"
            + effort(thinking.effort())
            + "\"format\":{\"type\":\"json_schema\",\"schema\":"
            + outputSchema
            + "}}}");
  }

  private static String effort(@Nullable Effort effort) {
    return effort == null ? "" : "\"effort\":\"" + effort.word() + "\",";
  }

  private static void system(JsonGenerator out, String text, @Nullable String ttl)
      throws IOException {
    out.writeArrayFieldStart("system");
    out.writeStartObject();
    out.writeStringField("type", "text");
    out.writeStringField("text", text);
    if (ttl != null) {
      out.writeObjectFieldStart("cache_control");
      out.writeStringField("type", "ephemeral");
      out.writeStringField("ttl", ttl);
      out.writeEndObject();
    }
    out.writeEndObject();
    out.writeEndArray();
  }

  /** The parameters of one request: parts of a JSON text in UTF-8. */
  List<byte[]> around(String user) {
    return List.of(before, quoted(user), behind);
  }

  private static byte[] quoted(String text) {
    JsonStringEncoder encoder = JsonStringEncoder.getInstance();
    try {
      return encoder.quoteAsUTF8(text);
    } catch (IllegalArgumentException e) {
      // half of a surrogate pair, as a prompt leaves that cuts a text: it becomes a question mark
      return encoder.quoteAsUTF8(
          new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
    }
  }
}
