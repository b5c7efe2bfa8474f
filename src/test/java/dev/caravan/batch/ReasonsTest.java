package dev.caravan.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.apache.camel.RuntimeCamelException;
import org.junit.jupiter.api.Test;

class ReasonsTest {

  @Test
  void namesKindAndPlaceOfAnExceptionWithoutWords() {
    assertThat(Reasons.of(new IllegalArgumentException()))
        .matches(
            "IllegalArgumentException without a message in"
                + " ReasonsTest.namesKindAndPlaceOfAnExceptionWithoutWords:\\d+");
    assertThat(Reasons.of(new IOException("null"))).contains("IOException without a message");
    assertThat(Reasons.of(null)).isEqualTo("no reason was given");
  }

  @Test
  void keepsTheWordsAroundIt() {
    assertThat(Reasons.of(new IllegalStateException("the edit waits", new IOException())))
        .startsWith("the edit waits: IOException without a message");
    assertThat(Reasons.of(new UncheckedIOException("Cannot read x: full", new IOException("full"))))
        .isEqualTo("Cannot read x: full");
  }

  @Test
  void takesTheWordsOfTheCauseWhereAFrameworkHasWrappedIt() {
    Exception cause = new IllegalArgumentException("no such column");
    assertThat(Reasons.of(new RuntimeCamelException(cause))).isEqualTo("no such column");
    assertThat(Reasons.of(new RuntimeException(new RuntimeCamelException("on Exchange[]", cause))))
        .isEqualTo("no such column");
  }

  @Test
  void saysWhatAFileOrHostAloneDoesNot() {
    assertThat(Reasons.of(new NoSuchFileException("/a"))).isEqualTo("there is no file /a");
    assertThat(Reasons.of(new AccessDeniedException("/a"))).isEqualTo("no permission for /a");
    assertThat(Reasons.of(new UnknownHostException("api"))).isEqualTo("unknown host api");
    assertThat(Reasons.of(new IllegalStateException("x"))).isEqualTo("IllegalStateException: x");
  }

  @Test
  void isOneLineAndEndsWhereCausesGoInCircles() {
    IOException outer = new IOException("two\n  lines");
    outer.initCause(new IOException("of a circle", outer));
    assertThat(Reasons.of(outer)).doesNotContain("\n").isNotEmpty();
  }
}
