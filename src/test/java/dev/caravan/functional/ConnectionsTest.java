package dev.caravan.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.NightFixture;
import dev.caravan.testing.TestDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** Every connection taken for reading the ledger is given back. */
class ConnectionsTest {
  @TempDir Path home;

  @EachDatabase
  void collectsMoreChunksThanThePoolHasConnections(TestDatabase database) throws Exception {
    database.execute(NightTest.INVOICES);
    for (int i = 1; i <= 20; i++) {
      database.execute(
          "insert into invoices(invoice_no, description, amount) values ('INV-" + i + "', 'x', 5)");
    }
    try (NightFixture night = NightFixture.in(home, database).set("load.chunk", "1").start()) {
      assertThat(night.extract("invoices").getException()).isNull();
      night.round();
      assertThat(database.count("select count(*) from invoices where processed_at is not null"))
          .isEqualTo(20);
    }
  }

  @EachDatabase
  void findsRejectedRecordsWithAndWithoutKeyAndCause(TestDatabase database) throws Exception {
    database.execute(NightTest.INVOICES);
    try (NightFixture night = NightFixture.in(home, database).start()) {
      for (int i = 0; i < 20; i++) {
        assertThat(night.ledger().requests.rejected("invoices", null, null)).isEmpty();
      }
      assertThat(night.ledger().requests.rejected("invoices", "INV-1", "refusal")).isEmpty();
    }
  }
}
