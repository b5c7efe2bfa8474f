package dev.caravan.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small things win: files and methods stay readable in one look. */
class SizesTest {
  @TempDir Path folder;

  @Test
  void filesAndMethodsStaySmall() throws IOException {
    assertThat(SourceSizes.of(Path.of("src/main/java")).faults()).isEmpty();
  }

  @Test
  void countsNeitherBlanksNorComments() throws IOException {
    write(
        "Sample.java",
        """
        /** Javadoc
         * with lines. */
        class Sample {
          // a remark
          String url = "http://x"; /* to the
          end */

          char quote = '"'; // "
          String text = ""\"
              // no comment

              ""\";

          int one() {
            /* nothing */
            return 1; // one
          }
        }
        """);

    var sizes = SourceSizes.of(folder);

    assertThat(sizes.files()).containsExactly(new SourceSizes.Size("Sample.java", 10));
    assertThat(sizes.methods()).containsExactly(new SourceSizes.Size("Sample.java one", 1));
    assertThat(sizes.faults()).isEmpty();
  }

  @Test
  void bitesALongMethodAndALongFileAndShowsTheLargest() throws IOException {
    write("Long.java", "class Long {\n void run() {\n" + "run();\n".repeat(41) + "}\n}\n");
    write("Huge.java", "class Huge {\n" + "int a;\n".repeat(249) + "}\n");

    assertThat(SourceSizes.of(folder).faults())
        .hasSize(3)
        .contains("Long.java run: 41 code lines, the limit is 40")
        .contains("Huge.java: 251 code lines, the limit is 250")
        .last()
        .asString()
        .contains("251  Huge.java");
  }

  @Test
  void bitesWhenMostFilesAreLargeOnceThereAreEnough() throws IOException {
    for (int i = 0; i < 9; i++) {
      write("Big" + i + ".java", "class Big" + i + " {\n" + "int a;\n".repeat(130) + "}\n");
    }
    assertThat(SourceSizes.of(folder).faults()).isEmpty();

    write("Big9.java", "class Big9 {\n" + "int a;\n".repeat(130) + "}\n");
    assertThat(SourceSizes.of(folder).faults())
        .contains("half of the classes: 132 code lines, the limit is 40")
        .contains("nine of ten classes: 132 code lines, the limit is 120");
  }

  private void write(String name, String source) throws IOException {
    Files.writeString(folder.resolve(name), source);
  }
}
