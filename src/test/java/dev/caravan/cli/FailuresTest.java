package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.api.ApiUnreachable;
import dev.caravan.spool.SpoolFailed;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class FailuresTest {

  @Command(name = "night")
  record Night(Exception failure) implements Callable<Integer> {
    @Override
    public Integer call() throws Exception {
      throw failure;
    }
  }

  private static String says(Exception failure) {
    StringWriter err = new StringWriter();
    int exit =
        new CommandLine(new Night(failure))
            .setExecutionExceptionHandler(new Failures())
            .setErr(new PrintWriter(err, true))
            .execute();
    assertThat(exit).isEqualTo(4);
    assertThat(err.toString()).doesNotContain("null", "\tat ").hasLineCount(2);
    return err.toString();
  }

  @Test
  void namesWhatFailedEvenWithoutAMessage() {
    assertThat(says(new IllegalArgumentException()))
        .startsWith("night failed: IllegalArgumentException without a message in FailuresTest.");
    assertThat(says(new SQLException())).contains("SQLException without a message");
    assertThat(says(new SpoolFailed("Cannot write x", new IOException())))
        .startsWith("night failed: Cannot write x: IOException without a message");
  }

  @Test
  void proposesToRunAgainOnlyWhereNothingHasToBeFixedFirst() {
    String again = "Interrupted; progress is saved. Run it again.";
    assertThat(says(new SQLTransientException("deadlock"))).contains(again);
    assertThat(says(new ApiUnreachable("no route to host", new IOException()))).contains(again);
    assertThat(says(new IllegalStateException("a bug")))
        .doesNotContain(again)
        .contains("fix what it says first", "data/log/caravan.log");
    assertThat(says(new SQLException("no such table", "42S02")))
        .doesNotContain(again)
        .contains("The database refused a statement: fix what it says");
    assertThat(says(new SpoolFailed("Cannot write x", new IOException("disk full"))))
        .doesNotContain(again)
        .contains("spool.dir");
  }
}
