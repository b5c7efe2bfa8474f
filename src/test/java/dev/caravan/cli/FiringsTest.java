package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.settings.JobCatalog;
import dev.caravan.settings.JobReader;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.NightFixture;
import dev.caravan.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

class FiringsTest {
  private static final Instant LAST_NIGHT = Instant.parse("2026-11-20T23:00:00Z");

  @TempDir Path home;

  @EachDatabase(DatabaseVendor.H2)
  void aFiringMissedNotLongAgoRunsAtTheStart(TestDatabase database) throws Exception {
    try (NightFixture night = night(database)) {
      night.extract("invoices", Map.of("due", LAST_NIGHT.minus(Duration.ofDays(1))));
      night.clock().set(LAST_NIGHT.plus(Duration.ofHours(2)));
      firings(night).missed();
      firings(night).missed();
      assertThat(dues(database)).containsExactly("2026-11-19 23:00", "2026-11-20 23:00");
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void anOlderOneIsMailedInstead(TestDatabase database) throws Exception {
    try (NightFixture night = night(database)) {
      night.extract("invoices", Map.of("due", LAST_NIGHT.minus(Duration.ofDays(1))));
      night.clock().set(LAST_NIGHT.plus(Duration.ofHours(11)));
      firings(night).missed();
      assertThat(dues(database)).containsExactly("2026-11-19 23:00");
      assertThat(database.query("select subject from caravan_mail"))
          .singleElement()
          .asString()
          .contains("missed its run of 2026-11-20T23:00:00Z");
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void aJobThatNeverRanHasMissedNothing(TestDatabase database) throws Exception {
    try (NightFixture night = night(database)) {
      night.clock().set(LAST_NIGHT.plus(Duration.ofHours(2)));
      firings(night).missed();
      assertThat(dues(database)).isEmpty();
      assertThat(database.count("select count(*) from caravan_mail")).isZero();
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void anExtractWhoseProcessDiedIsTakenUp(TestDatabase database) throws Exception {
    try (NightFixture night = night(database)) {
      night.ledger().runs.begin("invoices", LAST_NIGHT, null, false, false);
      database.execute("update caravan_run set lease_until = timestamp '2020-01-01 00:00:00'");
      firings(night).abandoned();
      assertThat(night.row("select state, pass from caravan_run"))
          .containsEntry("state", "ended")
          .containsEntry("pass", 2);
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void aJobWithoutItsRouteIsNamedAndStopsNobody(TestDatabase database) throws Exception {
    try (NightFixture night = night(database)) {
      night.extract("invoices", Map.of("due", LAST_NIGHT.minus(Duration.ofDays(1))));
      night.ledger().runs.begin("invoices", LAST_NIGHT, null, false, false);
      database.execute("update caravan_run set lease_until = timestamp '2020-01-01 00:00:00'");
      night.clock().set(LAST_NIGHT.plus(Duration.ofHours(2)));
      night.stop();
      Files.delete(home.resolve("routes/jobs/invoices.camel.yaml"));
      night.start();
      assertThat(firings(night).withoutRoute()).containsExactly("invoices");
      firings(night).missed();
      firings(night).abandoned();
      assertThatThrownBy(() -> night.application().fire("invoices-submit", Map.of()))
          .hasMessageContaining("routes/jobs/invoices.camel.yaml")
          .hasMessageContaining("no route invoices-submit");
    }
  }

  private NightFixture night(TestDatabase database) throws Exception {
    database.execute(
        "create table invoices(invoice_no varchar(20) primary key, vendor varchar(200), description"
            + " varchar(500), amount numeric(12,2), received_on date, processed_at timestamp)");
    NightFixture night = NightFixture.in(home, database);
    Files.writeString(
        home.resolve("config/jobs/invoices/job.properties"),
        "\nzone=UTC\n",
        StandardOpenOption.APPEND);
    return night.start();
  }

  private Firings firings(NightFixture night) {
    return new Firings(
        night.application(),
        night.ledger(),
        new JobCatalog(List.of(JobReader.read(home, "invoices"))),
        Duration.ofHours(6),
        night.clock());
  }

  private static List<String> dues(TestDatabase database) {
    return database.query("select due_at from caravan_run order by due_at").stream()
        .map(row -> String.valueOf(row.get("due_at")).substring(0, 16))
        .toList();
  }
}
