package dev.caravan.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No library that Caravan runs with is older than the fix of a vulnerability that we know of. */
class VulnerableVersionsTest {
  private static final Path LIST = Path.of("src/test/resources/vulnerable-versions.txt");
  private static final Pattern LINE = Pattern.compile("(\\S+):(\\S+) < (\\S+)\\s+(CVE-\\S+.*)");

  /** A library with known vulnerabilities below a version. */
  private record Vulnerable(String group, String artifact, String fixed, String what) {
    static Vulnerable of(String line) {
      Matcher parts = LINE.matcher(line);
      assertThat(parts.matches()).as(line).isTrue();
      return new Vulnerable(parts.group(1), parts.group(2), parts.group(3), parts.group(4));
    }

    /**
     * What is wrong with a file of a class path, by its place in a repository or its name alone.
     */
    Optional<String> in(String file) {
      Matcher jar =
          Pattern.compile("(?:^|/)" + Pattern.quote(artifact) + "-(\\d[\\w.]*)\\.jar$")
              .matcher(file.replace(File.separatorChar, '/'));
      return jar.find() && compare(jar.group(1), fixed) < 0
          ? Optional.of(group + ":" + artifact + " " + jar.group(1) + " < " + fixed + " " + what)
          : Optional.empty();
    }
  }

  private static int compare(String one, String other) {
    return Arrays.compare(numbers(one), numbers(other));
  }

  private static int[] numbers(String version) {
    return Arrays.stream(version.split("\\D+")).mapToInt(Integer::parseInt).toArray();
  }

  private static List<Vulnerable> list() throws IOException {
    try (Stream<String> lines = Files.lines(LIST)) {
      return lines.filter(line -> !line.startsWith("#")).map(Vulnerable::of).toList();
    }
  }

  private static List<String> found(Stream<String> classPath) throws IOException {
    List<Vulnerable> list = list();
    return classPath.flatMap(file -> list.stream().flatMap(v -> v.in(file).stream())).toList();
  }

  @Test
  void noneIsOnTheClassPath() throws IOException {
    String classPath = System.getProperty("surefire.test.class.path");
    String files = classPath == null ? System.getProperty("java.class.path") : classPath;
    assertThat(files).contains("freemarker");
    assertThat(found(Arrays.stream(files.split(File.pathSeparator)))).isEmpty();
  }

  @Test
  void findsWhatIsOlderAndNothingElse() throws IOException {
    assertThat(
            found(
                Stream.of(
                    "/r/org/freemarker/freemarker/2.3.34/freemarker-2.3.34.jar",
                    "lib/httpclient5-5.6.10.jar",
                    "lib/httpcore5-h2-5.3.6.jar",
                    "lib/postgresql-42.7.12.jar",
                    "lib/camel-jackson-4.18.0.jar")))
        .containsExactly(
            "org.freemarker:freemarker 2.3.34 < 2.3.35 CVE-2026-84939",
            "org.apache.httpcomponents.core5:httpcore5-h2 5.3.6 < 5.4.3 CVE-2026-54428");
  }

  @Test
  void peopleReadWhyInTheDocuments() throws IOException {
    String document = Files.readString(Path.of("docs/security.md"));
    assertThat(list())
        .allSatisfy(v -> assertThat(document).contains(v.artifact()).contains(v.what().split(" ")));
  }
}
