package dev.caravan.settings;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A JSON text that knows the line of each of its fields. */
record JsonText(JsonNode root, Map<String, Integer> lines) {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** Throws {@link FaultsException} with the line where the text is not JSON. */
  static JsonText parse(String file, String text) {
    Map<String, Integer> lines = new HashMap<>();
    try (JsonParser parser = JSON.createParser(text)) {
      for (JsonToken t = parser.nextToken(); t != null; t = parser.nextToken()) {
        JsonPointer pointer = parser.getParsingContext().pathAsPointer();
        lines.putIfAbsent(pointer.toString(), parser.currentTokenLocation().getLineNr());
      }
      return new JsonText(JSON.readTree(text), lines);
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      String problem = String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
      throw new FaultsException(List.of(new Fault(file, line, "not valid JSON: " + problem, "")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The line of a field or element; 0 where there is none. */
  int line(String pointer) {
    return lines.getOrDefault(pointer, 0);
  }

  static String child(String pointer, String name) {
    return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
  }
}
