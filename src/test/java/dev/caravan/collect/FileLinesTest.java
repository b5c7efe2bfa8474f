package dev.caravan.collect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileLinesTest {
  private static final int LONGEST = 100_000;

  /** Around the buffer's size, the longest line, and multiples of both. */
  @ParameterizedTest
  @ValueSource(ints = {1, 65_535, 65_536, 65_537, 99_999, 100_000, 100_001, 131_072, 1_000_000})
  void aLineOfAnyLengthCostsNoOtherLine(int length) throws IOException {
    String line = "é" + "x".repeat(length);
    for (String end : List.of("", "\n", "\n\n\n")) {
      List<ResultLine> lines = lines("first\n" + line + "\n\nafter it" + end);
      int bytes = length + 2;
      assertThat(lines)
          .containsExactly(
              ResultLine.whole(0, 5, "first"),
              ResultLine.whole(6, bytes, bytes > LONGEST ? null : line),
              ResultLine.whole(6 + bytes + 2, 8, "after it"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 65_536, 100_001, 1_000_000})
  void theLastLineNeedsNoEnd(int length) throws IOException {
    assertThat(lines("x".repeat(length)).stream().map(ResultLine::length)).containsExactly(length);
  }

  private static List<ResultLine> lines(String file) throws IOException {
    List<ResultLine> all = new ArrayList<>();
    try (FileLines lines =
        new FileLines(new ByteArrayInputStream(file.getBytes(StandardCharsets.UTF_8)), LONGEST)) {
      for (ResultLine line = lines.next(); line != null; line = lines.next()) {
        all.add(line);
      }
    }
    return all;
  }
}
