package dev.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** A job's files change, or go, while a batch of it runs: what is paid stays collectable. */
@Tag("faults")
class JobEditsTest {
  @TempDir Path home;

  private InvoiceNight running(TestDatabase database) throws Exception {
    return InvoiceNight.in(home, database).invoices(1, 5).start().extract().submit().minutes(6);
  }

  private static void waitsForAPerson(InvoiceNight night) {
    assertThat(night.states()).containsExactly("ended");
    assertThat(night.pause()).startsWith("load: ");
    assertThat(night.mails()).anyMatch(subject -> subject.contains("can't be loaded"));
    assertThat(night.count("caravan_request where outcome is not null")).isZero();
  }

  private static void goesOn(InvoiceNight night, String fault) {
    night.resume().untilDone();
    assertThat(night.accepted()).isEqualTo(1);
    assertThat(night.count("invoices where loads = 1")).isEqualTo(5);
    FaultTable.tried(fault, night);
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void aLoadThatNeedsAFieldOfTheNextSchemaWaits(TestDatabase database) throws Exception {
    try (InvoiceNight night = running(database)) {
      Path folder = home.resolve("config/jobs/invoices");
      String schema = Files.readString(folder.resolve("output.schema.json"));
      String load = Files.readString(folder.resolve("load.sql"));
      night.write("output.schema.json", schema.replace("department", "cost_centre"));
      night.write("load.sql", load.replace(":department", ":cost_centre"));
      night.restart().poll().collect();
      waitsForAPerson(night);
      night.write("load.sql", load).restart();
      goesOn(night, "schema and load.sql edited while a batch runs");
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void anotherKeyAndOtherLimitsDoNotTouchWhatIsSent(TestDatabase database) throws Exception {
    try (InvoiceNight night = running(database)) {
      Path file = home.resolve("config/jobs/invoices/job.properties");
      night.write(
          "job.properties",
          Files.readString(file)
              .replace("key=invoice_no", "key=invoice_no,vendor")
              .replace("max-tokens=500", "max-tokens=50"));
      night.restart().poll();
      goesOn(night, "job.properties edited while a batch runs");
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void aRemovedJobIsToldAndContinuesWhenItIsBack(TestDatabase database) throws Exception {
    try (InvoiceNight night = running(database)) {
      Path folder = home.resolve("config/jobs/invoices");
      Path route = home.resolve("routes/jobs/invoices.camel.yaml");
      Path away = Files.createDirectories(home.resolve("away"));
      night.fixture().stop();
      Files.move(folder, away.resolve("invoices"));
      Files.move(route, away.resolve("route"));
      night.start().poll().collect();
      waitsForAPerson(night);
      Files.move(away.resolve("invoices"), folder);
      Files.move(away.resolve("route"), route);
      night.restart();
      goesOn(night, "job removed while a batch runs");
    }
  }
}
