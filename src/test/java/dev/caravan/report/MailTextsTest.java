package dev.caravan.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.caravan.batch.Usd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailTextsTest {
  private static final Path FOLDER = Path.of("templates/mail");
  private static final Pattern TAGS = Pattern.compile("<style.*?</style>|<[^>]*>", Pattern.DOTALL);

  private final JsonMapper json =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
  private final MailTexts texts = new MailTexts(FOLDER);

  @ParameterizedTest
  @ValueSource(strings = {"run-report", "team-rows", "alert"})
  void bothTwinsOfASampleSayEveryTextAndFigure(String mail) throws IOException {
    JsonNode sample = json.readTree(FOLDER.resolve(mail).resolve("sample.json").toFile());
    String html = texts.html(mail, json.convertValue(sample, Map.class));
    String text = texts.text(mail, json.convertValue(sample, Map.class));
    Files.createDirectories(Path.of("target/mail"));
    Files.writeString(Path.of("target/mail", mail + ".html"), html);
    Files.writeString(Path.of("target/mail", mail + ".txt"), text);

    String shown = plain(html);
    for (String value : values(sample, "")) {
      assertThat(shown).as("HTML").contains(value);
      assertThat(text).as("text").contains(value);
    }
  }

  /** What must be readable; times, flags and enums appear in other words. */
  private static List<String> values(JsonNode node, String name) {
    List<String> values = new ArrayList<>();
    if (node.isObject()) {
      node.fields().forEachRemaining(f -> values.addAll(values(f.getValue(), f.getKey())));
    } else if (node.isArray()) {
      node.forEach(element -> values.addAll(values(element, name)));
    } else if (name.endsWith("_usd")) {
      values.add(Usd.text(node.decimalValue()));
    } else if (name.endsWith("_at")) {
      values.add(node.asText().substring(11, 16));
    } else if (node.isNumber() && !UNSAID.contains(name)) {
      values.add(Words.number(node.asLong()));
    } else if (node.isTextual() && !UNSAID.contains(name)) {
      values.add(node.asText());
    }
    return values;
  }

  // zero or said in other words: by colour, in the verdict, a notice or a to-do
  private static final List<String> UNSAID =
      List.of(
          "kind",
          "tone",
          "subject",
          "outcome",
          "records",
          "duplicate_keys",
          "bad_keys",
          "answers",
          "unpriced_causes",
          "total",
          "hidden");

  static String plain(String html) {
    Matcher tags = TAGS.matcher(html);
    return tags.replaceAll("")
        .replace("&nbsp;", " ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
  }
}
