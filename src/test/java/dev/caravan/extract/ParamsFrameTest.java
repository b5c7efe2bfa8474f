package dev.caravan.extract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.settings.Thinking;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParamsFrameTest {
  private final ParamsFrame frame =
      ParamsFrame.of("model", 256, new Thinking.Params(null, null), "Sort it.", null, "{}");

  @ParameterizedTest
  @ValueSource(
      strings = {"plain", "\"quoted\" \\ \n \t \u0001 \u0000", "Grüße, 東京", "😀 paid 💶", ""})
  void everyTextArrivesAsItIs(String user) throws IOException {
    assertThat(sent(user)).isEqualTo(user);
  }

  /** As a prompt leaves that takes the first characters of a text. */
  @ParameterizedTest
  @CsvSource({
    "cut \uD83D, cut ?",
    "\uDE00 cut, ? cut",
    "a \uD83D b \uD83D\uDE00, a ? b \uD83D\uDE00"
  })
  void halfOfACharacterBecomesAQuestionMark(String user, String sent) throws IOException {
    assertThat(sent(user)).isEqualTo(sent);
  }

  private String sent(String user) throws IOException {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    frame.around(user).forEach(whole::writeBytes);
    JsonNode params = new ObjectMapper().readTree(whole.toByteArray());
    assertThat(params.path("output_config").path("format").path("type").asText())
        .isEqualTo("json_schema");
    return params.path("messages").get(0).path("content").asText();
  }
}
