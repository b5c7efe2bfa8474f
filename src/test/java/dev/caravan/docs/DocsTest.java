package dev.caravan.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.cli.CaravanCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The documents say what the code does: links, settings, commands, exit codes, causes, states. */
class DocsTest {
  private static final Path README = Path.of("README.md");
  private static final Path OPERATIONS = Path.of("docs/operations.md");
  private static final Path MAIN = Path.of("src/main/java/dev/caravan");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern WORD = Pattern.compile("`([a-z_0-9]+)`");
  private static final Pattern SNAKE = Pattern.compile("\"([a-z]+(?:_[a-z0-9]+)+)\"");

  /** Where a cause is given its name: a single word is one only here. */
  private static final Pattern NAMED =
      Pattern.compile(
          "(?:Retry\\.now|new Retry|new Rejected|new RecordFault|new CreateAnswer\\.NotNow|NotNow"
              + "|regroup|close|held|giveUp|notLoaded|rejectAt)\\((?:[^\"();]|\\(\\))*?\"([a-z_]+)\"");

  /** Words of the API, of SQL and of files, in the same packages as the causes. */
  private static final Set<String> NO_CAUSES =
      Set.of(
          "custom_id",
          "stop_reason",
          "stop_details",
          "stop_sequence",
          "end_turn",
          "output_config",
          "output_tokens_details",
          "service_tier",
          "inference_geo",
          "not_available");

  /** Given by the API and kept as they come. */
  private static final Set<String> OF_THE_API =
      Set.of("api_error", "overloaded_error", "timeout_error");

  @Test
  void everyRelativeLinkLeadsSomewhere() throws IOException {
    assertThat(brokenLinks(documents())).isEmpty();
  }

  @Test
  void bitesALinkToNowhere(@org.junit.jupiter.api.io.TempDir Path folder) throws IOException {
    Path page = folder.resolve("a.md");
    Files.writeString(
        page,
        "# Some Title, here\n[a](a.md) [b](#some-title-here) [c](b.md) [d](a.md#no) [e](http://x)");

    assertThat(brokenLinks(List.of(page))).containsExactly(page + " -> b.md", page + " -> a.md#no");
  }

  @Test
  void everySettingIsInTheReadmeWithItsDefault() throws IOException {
    Map<String, String> documented = new TreeMap<>();
    rows(section(README, "## Settings"))
        .filter(row -> row.get(0).matches("`[a-z.-]+`"))
        .forEach(row -> documented.put(bare(row.get(0)), bare(row.get(1))));

    assertThat(documented).isEqualTo(settings());
  }

  @Test
  void everyCommandIsInTheReadmeAndNoOther() throws IOException {
    Matcher named =
        Pattern.compile("(?m)^\\| `\\./caravan ([a-z]+)")
            .matcher(section(README, "## Operating it"));

    assertThat(all(named))
        .isEqualTo(new TreeSet<>(new CommandLine(new CaravanCommand()).getSubcommands().keySet()));
  }

  @Test
  void everyCommandThatPeopleAreToldToTypeExists() throws IOException {
    List<String> texts = sources(MAIN);
    for (Path page : documents()) {
      texts.add(Files.readString(page));
    }
    Matcher told =
        Pattern.compile("\\./caravan (--?[a-z]+|[a-z]+)").matcher(String.join("\n", texts));

    assertThat(new CommandLine(new CaravanCommand()).getSubcommands().keySet())
        .containsAll(
            all(told).stream().filter(word -> !Set.of("--help", "--home").contains(word)).toList());
  }

  @Test
  void everyExitCodeIsInTheReadme() throws IOException {
    Matcher codes =
        Pattern.compile("(?m)^  [A-Z]+\\((\\d), \\d\\)")
            .matcher(Files.readString(MAIN.resolve("cli/ExitCode.java")));
    Set<String> documented =
        rows(section(README, "## Operating it"))
            .map(row -> row.get(0))
            .filter(cell -> cell.matches("\\d"))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(documented).isNotEmpty().isEqualTo(all(codes));
  }

  @Test
  void everyCauseThatTheCodeWritesIsExplained() throws IOException {
    Set<String> written = written();
    assertThat(written).contains("refusal", "too_large", "canceled_late", "load_failed", "lost");

    assertThat(documentedCauses()).containsAll(written);
  }

  @Test
  void everyCauseThatIsExplainedExists() throws IOException {
    String code = String.join("\n", sources(MAIN));

    assertThat(documentedCauses())
        .allMatch(cause -> OF_THE_API.contains(cause) || code.contains('"' + cause + '"'));
  }

  @Test
  void everyStateOfBatchesAndRunsIsExplained() throws IOException {
    Set<String> states =
        rows(section(OPERATIONS, "## Every state"))
            .map(row -> bare(row.get(0)))
            .filter(cell -> cell.matches("[a-z_]+") && !cell.equals("run") && !cell.equals("batch"))
            .collect(Collectors.toSet());

    assertThat(states)
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(
                    Arrays.stream(dev.caravan.batch.BatchState.values()).map(state -> state.text()),
                    Arrays.stream(dev.caravan.batch.RunState.values()).map(state -> state.text()))
                .collect(Collectors.toSet()));
  }

  private static List<Path> documents() throws IOException {
    try (Stream<Path> here = Files.list(Path.of(""));
        Stream<Path> docs = Files.walk(Path.of("docs"))) {
      return Stream.concat(here, docs).filter(path -> path.toString().endsWith(".md")).toList();
    }
  }

  private static List<String> brokenLinks(List<Path> pages) throws IOException {
    List<String> broken = new java.util.ArrayList<>();
    for (Path page : pages) {
      Matcher link = LINK.matcher(Files.readString(page));
      while (link.find()) {
        if (!link.group(1).matches("[a-z]+:.*") && !leadsSomewhere(page, link.group(1))) {
          broken.add(page + " -> " + link.group(1));
        }
      }
    }
    return broken;
  }

  private static boolean leadsSomewhere(Path page, String link) throws IOException {
    String[] parts = link.split("#", 2);
    Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]);
    return Files.exists(target)
        && (parts.length == 1 || anchors(Files.readString(target)).contains(parts[1]));
  }

  /** The anchor that a heading gets: lower case, no signs, blanks as hyphens. */
  private static Set<String> anchors(String page) {
    return page.lines()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(java.util.Locale.ROOT))
        .map(title -> title.replaceAll("[^a-z0-9 _-]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  /** Keys and defaults of the settings file, where each stands commented out at its default. */
  private static Map<String, String> settings() throws IOException {
    Matcher line =
        Pattern.compile("(?m)^#([a-z][a-z.-]+)=(.*)$")
            .matcher(Files.readString(Path.of("config/application.properties")));
    Map<String, String> settings = new TreeMap<>();
    while (line.find()) {
      settings.put(line.group(1), line.group(2));
    }
    return settings;
  }

  private static Set<String> written() throws IOException {
    Set<String> causes = new TreeSet<>();
    for (String stage : List.of("extract", "submit", "poll", "collect", "load")) {
      for (String source : sources(MAIN.resolve(stage))) {
        causes.addAll(all(SNAKE.matcher(source)));
        causes.addAll(all(NAMED.matcher(source)));
      }
    }
    causes.removeIf(
        word ->
            NO_CAUSES.contains(word)
                || word.startsWith("caravan_")
                || word.startsWith("cache_")
                || word.endsWith("_tokens") && !word.equals("max_tokens"));
    return causes;
  }

  private static Set<String> documentedCauses() throws IOException {
    return rows(section(OPERATIONS, "## Every cause"))
        .flatMap(row -> all(WORD.matcher(row.get(0))).stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<String> sources(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      List<String> sources = new java.util.ArrayList<>();
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        sources.add(Files.readString(file));
      }
      return sources;
    }
  }

  /** From a heading to the next of the same level. */
  private static String section(Path page, String heading) throws IOException {
    String text = Files.readString(page);
    int from = text.indexOf("\n" + heading);
    assertThat(from).as("%s has no section %s", page, heading).isNotNegative();
    int to = text.indexOf("\n## ", from + 1);
    return text.substring(from, to < 0 ? text.length() : to);
  }

  /** The cells of every table row. */
  private static Stream<List<String>> rows(String section) {
    return section
        .lines()
        .filter(line -> line.startsWith("| "))
        .map(line -> Arrays.stream(line.substring(1).split("\\|")).map(String::strip).toList());
  }

  private static String bare(String cell) {
    return cell.replace("`", "");
  }

  private static Set<String> all(Matcher matcher) {
    Set<String> found = new TreeSet<>();
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }
}
