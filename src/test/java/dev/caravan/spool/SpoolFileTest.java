package dev.caravan.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolFileTest {
  private static final int LINES = 20_000;

  @TempDir Path folder;

  @Test
  void aLineIsFoundByItsPlaceWhetherCompressedOrNot() throws Exception {
    SpoolFile file =
        new SpoolFile(Files.writeString(folder.resolve("a.jsonl"), "one\ntwö\nthree\n"));
    assertThat(file.line(4, 4)).isEqualTo("twö");
    file.compress();
    assertThat(folder.resolve("a.jsonl")).doesNotExist();
    assertThat(file.exists()).isTrue();
    assertThat(file.line(4, 4)).isEqualTo("twö");
    assertThatThrownBy(() -> file.line(10, 6))
        .isInstanceOf(LineGone.class)
        .hasMessageContaining("it ends before 16");
  }

  @Test
  void whatAKilledCompressionLeftIsRemovedByTheNext() throws Exception {
    Path plain = Files.writeString(folder.resolve("a.jsonl"), "one\n");
    Path left = Files.writeString(folder.resolve("a.jsonl.3f2c.part"), "half");
    Path download = Files.writeString(folder.resolve("a.results.7.part"), "another's");
    new SpoolFile(plain).compress();
    assertThat(left).doesNotExist();
    assertThat(download).exists();
    assertThat(new SpoolFile(plain).line(0, 3)).isEqualTo("one");
  }

  /** What is only out of reach for now must not be held to be gone: it would be paid for again. */
  @Test
  void aFileThatCanNotBeReadNowIsNotGone() throws Exception {
    SpoolFile gone = new SpoolFile(folder.resolve("a.jsonl"));
    assertThatThrownBy(() -> gone.line(0, 1)).isInstanceOf(LineGone.class);
    SpoolFile unreadable = new SpoolFile(Files.createDirectory(folder.resolve("b.jsonl")));
    assertThatThrownBy(() -> unreadable.line(0, 1))
        .isInstanceOf(SpoolFailed.class)
        .hasMessageContaining("b.jsonl");
  }

  @Test
  void processesThatCompressAtOnceLeaveTheWholeFile() throws Exception {
    String text = text();
    for (int time = 0; time < 10; time++) {
      SpoolFile file = new SpoolFile(Files.writeString(folder.resolve(time + ".jsonl"), text));
      atOnce(
          () -> {
            file.compress();
            return file.line(text.length() - 9, 9);
          });
      assertThat(file.line(0, text.length())).isEqualTo(text);
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).hasSize(10).allMatch(file -> file.toString().endsWith(".jsonl.gz"));
    }
  }

  private static String text() {
    StringBuilder text = new StringBuilder();
    for (int n = 0; n < LINES; n++) {
      text.append("{\"line\":").append(100_000 + n).append(",\"text\":\"").append("x".repeat(80));
      text.append("\"}\n");
    }
    return text.toString();
  }

  private static void atOnce(Callable<String> work) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<String>> done = new ArrayList<>();
      Collections.nCopies(4, work).forEach(one -> done.add(threads.submit(one)));
      for (Future<String> one : done) {
        assertThat(one.get()).isEqualTo("xxxxxx\"}\n");
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
