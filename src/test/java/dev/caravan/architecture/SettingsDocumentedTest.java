package dev.caravan.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every setting can be looked up in one place, with a word about it. */
class SettingsDocumentedTest {
  private static final Path ALLOWED =
      Path.of("src/test/resources/dev/caravan/architecture/settings-allowed.txt");

  @TempDir Path home;

  @Test
  void everySettingIsDocumented() throws IOException {
    try (Stream<String> lines = Files.lines(ALLOWED)) {
      var allowed = SettingsDocumented.allowedBy(lines);
      assertThat(new SettingsDocumented(Path.of(""), allowed).faults()).isEmpty();
    }
  }

  @Test
  void acceptsKeysOfTheSettingsOfAJobOfTheAllowListAndFromElsewhere() throws IOException {
    write("config/application.properties", "# How often.\n\n# First look, 5m.\npoll.first=5m\n");
    write("config/jobs/invoices/job.properties", "cron=0 0 23 * * ?\n");
    write(
        "routes/a.camel.yaml",
        "- a: \"{{poll.first}} {{?poll.first:1m}} {{invoices.cron}} {{env:HOME}} {{odd}}\"");

    assertThat(faults("odd  is set by the launcher")).isEmpty();
  }

  @Test
  void bitesAKeyThatNobodyCanLookUp() throws IOException {
    write("config/application.properties", "# First look.\npoll.first=5m\n");
    write("routes/a.camel.yaml", "- a: \"{{poll.first}}{{poll.frist}}\"\n- b: \"{{other.cron}}\"");

    assertThat(faults("# poll.frist"))
        .hasSize(2)
        .anyMatch(fault -> fault.contains("{{poll.frist}}"))
        .anyMatch(fault -> fault.contains("{{other.cron}}"));
  }

  @Test
  void bitesAKeyWithoutACommentAboveIt() throws IOException {
    write("config/application.properties", "# One.\na=1\nb=2\n\nc=3\n\n! Four.\nd=4\n");

    assertThat(faults("")).containsExactly("'c=3' has no comment above it");
  }

  private List<String> faults(String allowList) throws IOException {
    Set<String> allowed = SettingsDocumented.allowedBy(allowList.lines());
    return new SettingsDocumented(home, allowed).faults();
  }

  private void write(String file, String text) throws IOException {
    Files.createDirectories(home.resolve(file).getParent());
    Files.writeString(home.resolve(file), text);
  }
}
