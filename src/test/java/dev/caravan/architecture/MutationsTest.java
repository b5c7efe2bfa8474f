package dev.caravan.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** src/test/mutations/run takes minutes; that its patches still fit the code is seen at once. */
class MutationsTest {
  private static final Path MUTATIONS = Path.of("src/test/mutations");

  static List<Path> patches() throws IOException {
    try (Stream<Path> files = Files.list(MUTATIONS)) {
      return files.filter(file -> file.toString().endsWith(".patch")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("patches")
  void eachPatchFitsTheCodeAndNamesATest(Path patch) throws IOException {
    String name = patch.getFileName().toString().replace(".patch", "");
    assertThat(Files.readString(MUTATIONS.resolve("run"))).contains("[" + name + "]=");
    StringBuilder before = new StringBuilder();
    String code = "";
    for (String line : Files.readAllLines(patch)) {
      if (line.startsWith("--- a/")) {
        code = Files.readString(Path.of(line.substring("--- a/".length())));
      } else if (line.startsWith("@@")) {
        assertThat(code).contains(before);
        before.setLength(0);
      } else if (line.startsWith(" ") || (line.startsWith("-") && !line.startsWith("---"))) {
        before.append(line.substring(1)).append('\n');
      }
    }
    assertThat(before).isNotEmpty();
    assertThat(code).contains(before);
  }
}
