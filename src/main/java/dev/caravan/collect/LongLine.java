package dev.caravan.collect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.filter.FilteringParserDelegate;
import com.fasterxml.jackson.core.filter.TokenFilter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.spool.SpoolFile;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Reads of a line that is too long for memory all but the content of its message. */
final class LongLine {
  private static final ObjectMapper JSON = new ObjectMapper(Answers.ANY_LENGTH);

  private static final TokenFilter NO_CONTENT =
      new TokenFilter() {
        @Override
        public @Nullable TokenFilter includeProperty(String name) {
          return name.equals("content") ? null : this;
        }
      };

  private LongLine() {}

  /** The line without content, its usage and ids still there; its text is null if it is no JSON. */
  static ResultLine outline(SpoolFile file, long offset, int length) {
    return file.read(offset, lines -> new ResultLine(offset, length, text(lines), true));
  }

  private static @Nullable String text(InputStream lines) throws IOException {
    try (JsonParser parser =
        new FilteringParserDelegate(
            Answers.ANY_LENGTH.createParser(lines),
            NO_CONTENT,
            TokenFilter.Inclusion.INCLUDE_ALL_AND_PATH,
            true)) {
      JsonNode outline = JSON.readTree(parser);
      return outline == null ? null : outline.toString();
    } catch (JsonProcessingException e) {
      return null;
    }
  }
}
