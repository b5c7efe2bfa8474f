package dev.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.caravan.simulator.Endpoint;
import dev.caravan.simulator.Fault;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What a fault that Caravan deals with by itself leaves in the log. */
@Tag("faults")
class CalmLogTest {
  @TempDir Path home;

  @EachDatabase(DatabaseVendor.H2)
  void aLostAnswerToCreateIsOneLine(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 3)) {
      night.start();
      night.simulator().faults(new Fault.CutAfter(Endpoint.CREATE));
      night.extract();
      isOneCalmLine(trouble(night::submit));
      night.untilDone();
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void soIsAnAnswerThatBreaksOffInItsBody(TestDatabase database) throws Exception {
    try (HalfAnswer api =
            HalfAnswer.start("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"id\"");
        InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 3)) {
      night.set("anthropic.base-url", api.url()).start().extract();
      isOneCalmLine(trouble(night::submit));
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void soIsAnAnswerThatNeverComes(TestDatabase database) throws Exception {
    try (HalfAnswer api = HalfAnswer.start("");
        InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 3)) {
      night.set("anthropic.base-url", api.url()).set("http.create-timeout", "1s").start().extract();
      isOneCalmLine(trouble(night::submit));
    }
  }

  private static List<ILoggingEvent> trouble(Runnable work) {
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    root.addAppender(log);
    try {
      work.run();
    } finally {
      root.detachAppender(log);
    }
    return List.copyOf(log.list).stream()
        .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
        .toList();
  }

  private static void isOneCalmLine(List<ILoggingEvent> trouble) {
    assertThat(trouble)
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getLevel()).isEqualTo(Level.WARN);
              assertThat(event.getLoggerName()).startsWith("dev.caravan");
              assertThat(event.getFormattedMessage())
                  .contains(
                      "is in doubt", "answer to the create POST was lost", "Nothing is posted")
                  .doesNotContain("\n");
            });
  }
}
