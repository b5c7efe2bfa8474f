package dev.caravan.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TestDatabase;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.io.TempDir;

/** A message of a database says which one it is about. */
class DatabaseNamesTest {
  @TempDir Path home;

  @EachDatabase
  void aFailedExtractNamesTheSource(TestDatabase database) throws Exception {
    String elsewhere = "jdbc:h2:mem:" + UUID.randomUUID();
    try (InvoiceNight night =
        InvoiceNight.in(home, database)
            .set("source.url", elsewhere + ";USER=sa;PASSWORD=s3cret")
            .set("source.user", "sa")
            .set("source.password", "s3cret")
            .start()) {
      night.fire();

      assertThat(night.pause())
          .startsWith("extract: source database " + elsewhere)
          .containsIgnoringCase("table \"invoices\" not found")
          .doesNotContain("s3cret");
    }
  }

  @EachDatabase
  void aFailedLoadNamesTheTarget(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 2)) {
      night
          .write(
              "load.sql",
              "update invoices set no_such_column = :department"
                  + " where invoice_no = :key_invoice_no")
          .start()
          .extract()
          .submit()
          .minutes(6)
          .poll()
          .collect();

      assertThat(night.pause())
          .startsWith("load: database " + database.url())
          .containsIgnoringCase("no_such_column");
    }
  }
}
