package dev.caravan.functional;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.caravan.ledger.SqlFault;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.h2.api.Trigger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Whatever fails without saying why: what people read of it names what failed, and is never null.
 */
class WordlessTest {
  private static final String THROW =
      """
      - throwException:
          exceptionType: %s
      """;

  @TempDir Path home;
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  /** Fails as a driver does that has no words. */
  public static final class Silent implements Trigger {
    @Override
    public void fire(Connection connection, Object[] before, Object[] after) throws SQLException {
      throw new SQLException();
    }

    /** As a function of SQL. */
    public static String call(String any) throws SQLException {
      throw new SQLException();
    }
  }

  @BeforeEach
  void listen() {
    log.start();
    ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).addAppender(log);
  }

  @AfterEach
  void listenNoMore() {
    ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).detachAppender(log);
  }

  @EachDatabase(DatabaseVendor.H2)
  void theSourceQuery(TestDatabase database) throws Exception {
    silent(database);
    try (InvoiceNight night = night(database)) {
      night.write("extract.sql", "select invoice_no, silent(vendor) as vendor from invoices");
      extract(night.start());

      says(night.pause(), "extract: database jdbc:h2:", "JdbcSQLException without a message");
      says(alert(night), "its extract failed", "./caravan resume invoices");
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void theReadingOfARow(TestDatabase database) throws Exception {
    try (InvoiceNight night = night(database)) {
      edit(
          "routes/10-extract.camel.yaml",
          "uri: direct:extract\n      steps:\n",
          "java.lang.IllegalArgumentException");
      extract(night.start());

      says(night.pause(), "extract: IllegalArgumentException without a message");
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void thePrompt(TestDatabase database) throws Exception {
    try (InvoiceNight night = night(database)) {
      night.firstSteps("invoices-request", THROW.formatted("java.lang.NullPointerException"));
      extract(night.start());

      says(detail(night, "INV-1"), "request_failed", "NullPointerException without a message");
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void theLedger(TestDatabase database) throws Exception {
    try (InvoiceNight night = night(database)) {
      night.start();
      trigger(database, "caravan_request");
      extract(night);

      says(night.pause(), "extract: database jdbc:h2:", "JdbcSQLException without a message");
      says(alert(night), "its extract failed", "SQLException without a message");
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void loadSql(TestDatabase database) throws Exception {
    try (InvoiceNight night = night(database)) {
      night.start().extract().submit();
      trigger(database, "invoices");
      night.advance(java.time.Duration.ofMinutes(10)).poll().collect();

      assertThat(List.of(night.pause(), detail(night, "INV-1"), alert(night)).toString())
          .contains("JdbcSQLException without a message")
          .doesNotContain("null:");
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void theLoadRoute(TestDatabase database) throws Exception {
    try (InvoiceNight night = night(database)) {
      night.loadRoute(THROW.formatted("java.lang.UnsupportedOperationException"));
      night.start().extract().submit().advance(java.time.Duration.ofMinutes(10)).poll().collect();

      assertThat(List.of(night.pause(), detail(night, "INV-1"), alert(night)).toString())
          .contains("UnsupportedOperationException without a message")
          .doesNotContain("null:");
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void reportSql(TestDatabase database) throws Exception {
    silent(database);
    try (InvoiceNight night = night(database)) {
      night.write("report.sql", "select silent(invoice_no) as line from invoices");
      night.start().extract().submit().untilDone();
      night.fixture().application().call("direct:report", Map.of("job", InvoiceNight.JOB));

      says(newestMail(night), "report.sql", "JdbcSQLException without a message");
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void theApi(TestDatabase database) throws Exception {
    try (InvoiceNight night = night(database)) {
      edit(
          "routes/05-anthropic.camel.yaml",
          "direct:anthropic-read\n      steps:\n",
          "java.io.IOException");
      night.start().extract().submit().advance(java.time.Duration.ofMinutes(10)).poll();

      says(logged(), "waits 1 s: IOException without a message");
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void theMailServer(TestDatabase database) throws Exception {
    try (InvoiceNight night = night(database)) {
      edit(
          "routes/65-mail.camel.yaml",
          "id: try-mail\n                  steps:\n",
          "jakarta.mail.MessagingException");
      night.start().extract().submit().untilDone();
      night.fixture().application().call("direct:report", Map.of("job", InvoiceNight.JOB));
      night.fixture().application().call("direct:send-mails", Map.of());

      says(logged(), "could not be sent (try 1): MessagingException without a message");
    }
  }

  private static void says(String text, String... parts) {
    assertThat(text)
        .contains(parts)
        .doesNotContain("null", "\n\tat ", "Exchange[")
        .doesNotContainPattern(": *$");
  }

  private InvoiceNight night(TestDatabase database) throws IOException {
    return InvoiceNight.in(home, database).withoutRules().invoices(1, 1);
  }

  /** Its failure goes to whoever has fired it; what people get is in the ledger. */
  private static void extract(InvoiceNight night) {
    try {
      night.extract();
    } catch (IllegalStateException failed) {
      assertThat(SqlFault.message(failed)).contains("without a message");
    }
  }

  private static void silent(TestDatabase database) {
    database.execute("create alias silent for \"" + Silent.class.getName() + ".call\"");
  }

  private static void trigger(TestDatabase database, String table) {
    database.execute(
        "create trigger silent_%1$s before insert, update on %1$s for each row call \"%2$s\""
            .formatted(table, Silent.class.getName()));
  }

  /** Throws {@code kind} as the first step after {@code label}. */
  private void edit(String file, String label, String kind) throws IOException {
    Path path = home.resolve(file);
    String text = Files.readString(path);
    int at = text.indexOf(label) + label.length();
    int indent = text.substring(at).indexOf('-');
    Files.writeString(
        path, text.substring(0, at) + THROW.formatted(kind).indent(indent) + text.substring(at));
  }

  private static String detail(InvoiceNight night, String key) {
    return night
        .database()
        .query("select cause, detail from caravan_request where record_key = '" + key + "'")
        .toString();
  }

  private static String alert(InvoiceNight night) {
    return night
        .database()
        .query("select subject, plain as body from caravan_mail order by id")
        .toString();
  }

  private static String newestMail(InvoiceNight night) {
    List<Map<String, Object>> mails =
        night.database().query("select plain as body from caravan_mail order by id desc");
    return String.valueOf(mails.get(0).get("body"));
  }

  private String logged() {
    return String.join(
        "\n",
        List.copyOf(log.list).stream()
            .filter(event -> event.getLevel().isGreaterOrEqual(Level.INFO))
            .map(ILoggingEvent::getFormattedMessage)
            .toList());
  }
}
