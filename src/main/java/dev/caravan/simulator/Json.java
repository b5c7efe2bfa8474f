package dev.caravan.simulator;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.settings.Units;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

/**
 * The simulator's one way of reading and writing JSON: snake_case, durations as settings have them.
 */
final class Json {
  static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  // one image of a request may be far longer than Jackson's usual limit
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
                  .build())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          // a number such as 1250.00 must come back as it was written
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .addModule(new SimpleModule().addDeserializer(Duration.class, new DurationReader()))
          .build();

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSxxx").withZone(ZoneOffset.UTC);

  private Json() {}

  /** A time as the API writes it, such as 2026-10-09T20:08:22.570697+00:00. */
  static String time(Instant instant) {
    return TIME.format(instant);
  }

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /**
   * Reads a duration as settings have it, such as {@code 300ms}, {@code 5m} or {@code 1h30m}, or
   * {@code PT20H}.
   *
   * @throws IllegalArgumentException naming the text if it is none of these
   */
  static Duration duration(String text) {
    String written = text.strip();
    try {
      return written.startsWith("P") ? Duration.parse(written) : Units.duration(written);
    } catch (DateTimeParseException | IllegalArgumentException | ArithmeticException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a duration; write 300ms, 5s, 5m, 20h or 29d", e);
    }
  }

  private static final class DurationReader extends StdDeserializer<Duration> {
    private static final long serialVersionUID = 1;

    DurationReader() {
      super(Duration.class);
    }

    @Override
    public Duration deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      return duration(parser.getText());
    }
  }
}
