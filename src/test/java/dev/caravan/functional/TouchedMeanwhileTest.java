package dev.caravan.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;

/** R5: an extract that meets its records again changes their rows while they are collected. */
class TouchedMeanwhileTest {
  private static final String WAITING =
      "select count(*) from pg_stat_activity"
          + " where wait_event_type = 'Lock' and datname = current_database()";

  @TempDir Path home;

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void anAnswerIsLoadedThoughAnotherTransactionChangesItsRow(TestDatabase database)
      throws Exception {
    // as newer versions do with every plan: a row that moved is looked at again, and is not the
    // same
    database
        .asAdmin()
        .execute(
            """
        do $$ begin
          execute format('alter database %I set enable_tidscan = off', current_database());
        end $$
        """);
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 5).start();
        Connection other = database.dataSource().getConnection();
        Statement extract = other.createStatement()) {
      night.extract().submit().minutes(10).poll();
      other.setAutoCommit(false);
      extract.executeUpdate("update caravan_request set pass = pass + 1 where n in (1, 3)");

      CompletableFuture<Void> collecting = CompletableFuture.runAsync(night::collect);
      Awaitility.await().until(() -> database.count(WAITING) > 0);
      other.commit();
      collecting.join();

      assertThat(night.count("caravan_request where outcome = 'completed'")).isEqualTo(5);
      assertThat(night.states()).containsExactly("collected");
      assertThat(night.accepted()).isEqualTo(1);
    }
  }
}
