package dev.caravan.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.NightFixture;
import dev.caravan.testing.TestDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class NightTest {
  @TempDir Path home;

  static final String INVOICES =
      "create table invoices(invoice_no varchar(20) primary key, vendor varchar(200), description text,"
          + " amount numeric(12,2), received_on date, department varchar(60), extracted_amount numeric(12,2),"
          + " summary varchar(500), approval_required boolean, processed_at timestamp null)";

  @EachDatabase
  void everyInvoiceIsAnsweredOnItsOwnRow(TestDatabase database) throws Exception {
    database.execute(INVOICES);
    for (int i = 1; i <= 7; i++) {
      database.execute(
          "insert into invoices(invoice_no, vendor, description, amount) values ('INV-00"
              + i
              + "', 'Vendor "
              + i
              + "', 'Cloud hosting number "
              + i
              + "', "
              + (100 * i)
              + ")");
    }
    try (NightFixture night = NightFixture.in(home, database).start()) {
      assertThat(night.extract("invoices").getException()).isNull();
      assertThat(night.row("select state, rows_read from caravan_run"))
          .containsEntry("state", "open");
      night.round();
      assertThat(
              database.query(
                  "select outcome, cause, detail, count(*) as n from caravan_request group by outcome, cause, detail"))
          .singleElement()
          .satisfies(row -> assertThat(row).containsEntry("outcome", "completed"));
      assertThat(database.count("select count(*) from invoices where extracted_amount = amount"))
          .isEqualTo(7);
      assertThat(night.row("select state from caravan_run")).containsEntry("state", "ended");
      assertThat(night.row("select state from caravan_batch")).containsEntry("state", "collected");
    }
  }

  @EachDatabase
  void aRunFillsAsManyBatchesAsItNeeds(TestDatabase database) throws Exception {
    database.execute(INVOICES);
    for (int i = 1; i <= 10; i++) {
      database.execute(
          "insert into invoices(invoice_no, description, amount) values ('INV-" + i + "', 'x', 5)");
    }
    try (NightFixture night =
        NightFixture.in(home, database)
            .set("submit.max-requests", "3")
            .set("load.chunk", "1")
            .start()) {
      assertThat(night.extract("invoices").getException()).isNull();
      assertThat(database.query("select requests from caravan_batch order by requests"))
          .extracting(row -> row.get("requests"))
          .containsExactly(1, 3, 3, 3);
      night.round();
      assertThat(database.count("select count(*) from invoices where processed_at is not null"))
          .isEqualTo(10);
    }
  }
}
