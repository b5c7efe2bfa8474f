package dev.caravan.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.NightFixture;
import dev.caravan.testing.TestDatabase;
import java.nio.file.Path;
import java.sql.Clob;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code :caravan_answered_at} and {@code :started} are instants: exact in a column with a zone,
 * the job's local time in one without.
 */
class InstantsTest {
  private static final Instant ANSWERED = NightFixture.DUE.plus(Duration.ofMinutes(6));

  @TempDir Path home;

  @EachDatabase
  void eastOfHere(TestDatabase database) throws Exception {
    arrive(database, "Asia/Kolkata");
  }

  @EachDatabase
  void westOfHere(TestDatabase database) throws Exception {
    arrive(database, "America/New_York");
  }

  @EachDatabase
  void inAZoneWithoutAName(TestDatabase database) throws Exception {
    arrive(database, "+05:45");
  }

  private void arrive(TestDatabase database, String zone) throws Exception {
    boolean mariaDb = database.vendor() == DatabaseVendor.MARIADB;
    database.execute(
        "create table moments(invoice_no varchar(60) primary key, exact %s, here %s)"
            .formatted(
                mariaDb ? "timestamp null" : "timestamp with time zone",
                mariaDb ? "datetime" : "timestamp"),
        "insert into moments(invoice_no) values ('INV-1')");
    try (InvoiceNight night = InvoiceNight.in(home, database).property("zone=" + zone)) {
      night.write(
          "load.sql",
          """
          update invoices set loads = loads + 1, processed_at = :caravan_answered_at
          where invoice_no = :key_invoice_no;
          update moments set exact = :caravan_answered_at, here = :caravan_answered_at
          where invoice_no = :key_invoice_no
          """);
      night.write(
          "report.sql",
          """
          select concat(m.invoice_no, ' exact') as line from moments m where m.exact >= :started
          union all
          select concat(m.invoice_no, ' here') from moments m where m.here >= :started
          """);
      night.invoices(1, 1).start().extract().submit().minutes(6).poll().collect();

      String epoch = mariaDb ? "unix_timestamp(exact)" : "extract(epoch from exact)";
      assertThat(database.count("select cast(" + epoch + " as decimal(20)) from moments"))
          .isEqualTo(ANSWERED.getEpochSecond());
      assertThat(((Timestamp) night.fixture().row("select here from moments").get("here")))
          .isEqualTo(Timestamp.valueOf(LocalDateTime.ofInstant(ANSWERED, ZoneId.of(zone))));

      String before = mariaDb ? "interval 1 second" : "interval '1' second";
      database.execute(
          "insert into moments select 'earlier', exact - %1$s, here - %1$s from moments"
              .formatted(before));
      night.fixture().application().call("direct:report", Map.of("job", InvoiceNight.JOB));
      assertThat(report(night)).contains("INV-1 exact", "INV-1 here").doesNotContain("earlier");
    }
  }

  private static String report(InvoiceNight night) throws Exception {
    Object plain = night.fixture().row("select plain from caravan_mail").get("plain");
    return plain instanceof Clob clob
        ? clob.getSubString(1, (int) clob.length())
        : String.valueOf(plain);
  }
}
