package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.NightFixture;
import dev.caravan.testing.TestDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** What a person reads when a command can't get to its ledger. */
class LedgerAccessTest {
  @TempDir Path home;

  @EachDatabase
  void aWrongPasswordIsRefusedAtOnce(TestDatabase database) throws Exception {
    try (NightFixture night = NightFixture.in(home, database).set("db.password", "guessed")) {
      for (String command : new String[] {"poll", "status", "own"}) {
        Console console = Console.run(night, command);
        assertThat(console.exit()).as(command).isEqualTo(1);
        assertThat(console.err())
            .contains(database.url(), "CARAVAN_DB_USER (caravan)", "CARAVAN_DB_PASSWORD")
            .contains("Nothing was done.")
            .doesNotContain("guessed", "waits for a person");
      }
    }
  }

  @EachDatabase({DatabaseVendor.POSTGRESQL, DatabaseVendor.MARIADB})
  void aServerThatIsAwayIsBrokenOff(TestDatabase database) throws Exception {
    String away = database.url().replaceFirst("127.0.0.1:\\d+", "127.0.0.1:9");
    try (NightFixture night = NightFixture.in(home, database).set("db.url", away)) {
      Console console = Console.run(night, "night", "invoices");
      assertThat(console.exit()).isEqualTo(4);
      assertThat(console.err())
          .contains(away, "host and port in CARAVAN_DB_URL", "Run it again when")
          .doesNotContain("waits for a person");
    }
  }

  @EachDatabase
  void anAccountThatMayNotMakeTheTablesIsRefused(TestDatabase database) throws Exception {
    TestDatabase guest = database.restrictedUser();
    try (NightFixture night = NightFixture.in(home, guest)) {
      Console console = Console.run(night, "poll");
      assertThat(console.exit()).isEqualTo(1);
      assertThat(console.err())
          .contains("Caravan's tables", guest.url(), guest.user(), "./caravan check --ddl")
          .contains("Nothing was done.")
          .doesNotContain("waits for a person");
    }
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void aSchemaThatMayNotBeUsedIsRefused(TestDatabase database) throws Exception {
    database.execute("create schema etl");
    TestDatabase guest = database.restrictedUser();
    try (NightFixture night = NightFixture.in(home, guest).set("db.schema", "etl")) {
      Console console = Console.run(night, "poll");
      assertThat(console.exit()).isEqualTo(1);
      assertThat(console.err()).contains("schema etl", guest.user(), "./caravan check --ddl");
    }
  }

  @EachDatabase
  void whoeverOnlyLooksIsToldThatThereIsNoLedger(TestDatabase database) throws Exception {
    try (NightFixture night = NightFixture.in(home, database)) {
      for (String command : new String[] {"status", "show invoices INV-1"}) {
        Console console = Console.run(night, command.split(" "));
        assertThat(console.exit()).isEqualTo(1);
        assertThat(console.err()).contains("There is no ledger in", "./caravan night JOB");
      }
    }
  }
}
