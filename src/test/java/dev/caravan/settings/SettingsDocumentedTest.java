package dev.caravan.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds config/application.properties to what the program reads. */
class SettingsDocumentedTest {
  private static final Path FILE = Path.of("config/application.properties");
  private static final Pattern SETTING = Pattern.compile("#?([a-z][a-z.-]+)=(.*)");

  @Test
  void showsEverySettingAtItsDefault() throws IOException {
    Map<String, String> shown = new LinkedHashMap<>();
    for (String line : Files.readAllLines(FILE)) {
      Matcher setting = SETTING.matcher(line);
      if (setting.matches()) {
        shown.put(setting.group(1), setting.group(2));
      }
    }
    Map<String, String> expected = new LinkedHashMap<>(SettingsReader.documented());
    expected.remove("anthropic.api-key");

    assertThat(shown).containsExactlyInAnyOrderEntriesOf(expected);
  }

  @Test
  void explainsEachSettingWithItsLimitsInAParagraphAboveIt() throws IOException {
    List<String> lines = Files.readAllLines(FILE);
    for (int i = 0; i < lines.size(); i++) {
      Matcher setting = SETTING.matcher(lines.get(i));
      if (setting.matches()) {
        String paragraph = paragraphAbove(lines, i);
        assertThat(paragraph).as(setting.group(1)).startsWith("# ");
        assertThat(Key.of(setting.group(1)).orElseThrow().limits())
            .as(setting.group(1))
            .allSatisfy(limit -> assertThat(paragraph).contains(limit));
      }
    }
  }

  @Test
  void theDefaultsWrittenThereAreAcceptedWhenUncommented(@TempDir Path home) throws IOException {
    String all = Files.readString(FILE).replaceAll("(?m)^#(?=[a-z][a-z.-]+=.)", "");
    Path config = Files.createDirectory(home.resolve("config"));
    Files.writeString(config.resolve("application.properties"), all);

    Settings uncommented = SettingsReader.read(home, Map.of(), Map.of());

    assertThat(uncommented.submit().maxRequests()).isEqualTo(100_000);
    assertThat(uncommented.target().url()).contains(home.toString());
  }

  @Test
  void noTwoSettingsShareAnEnvironmentVariable() {
    assertThat(Key.values()).extracting(Key::variable).doesNotHaveDuplicates();
    assertThat(Key.SUBMIT_MAX_BYTES.variable()).isEqualTo("CARAVAN_SUBMIT_MAX_BYTES");
    assertThat(Key.ANTHROPIC_BASE_URL.variable()).isEqualTo("ANTHROPIC_BASE_URL");
  }

  private static String paragraphAbove(List<String> lines, int setting) {
    int first = setting;
    while (first > 0 && lines.get(first - 1).startsWith("# ")) {
      first--;
    }
    return String.join(" ", lines.subList(first, setting));
  }
}
