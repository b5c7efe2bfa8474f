package dev.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** What other users of the database do to a load: the chunk is repeated, and applied once. */
@Tag("faults")
class DatabaseTroubleTest {
  @TempDir Path home;

  private InvoiceNight ended(InvoiceNight night) {
    return night.invoices(1, 5).start().extract().submit().minutes(6).poll();
  }

  private static void allLoadedOnce(InvoiceNight night, String fault) {
    night.untilDone();
    assertThat(night.pause()).isEmpty();
    assertThat(night.count("invoices where loads = 1")).isEqualTo(5);
    FaultTable.tried(fault, night);
  }

  /** Another transaction that holds a lock on INV-5. */
  private static final class Rival implements AutoCloseable {
    private final TestDatabase database;
    private final Connection connection;
    private final boolean postgres;

    Rival(TestDatabase database) throws SQLException {
      this.database = database.asAdmin();
      this.postgres = database.vendor() == DatabaseVendor.POSTGRESQL;
      connection = this.database.dataSource().getConnection();
      connection.setAutoCommit(false);
      run("update invoices set vendor = 'rival' where invoice_no = 'INV-5'");
    }

    void run(String sql) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql);
      }
    }

    /** The session that waits for this one; 0 while there is none. */
    long waiting() {
      var rows =
          database.query(
              postgres
                  ? "select pid as id from pg_locks where not granted"
                  : "select trx_mysql_thread_id as id from information_schema.innodb_trx where"
                      + " trx_state = 'LOCK WAIT'");
      return rows.isEmpty() ? 0 : Long.parseLong(String.valueOf(rows.get(0).get("id")));
    }

    void kill() {
      database.execute(
          postgres ? "select pg_terminate_backend(" + waiting() + ")" : "kill " + waiting());
    }

    CompletableFuture<Void> whenWaitedFor(Work work) {
      return CompletableFuture.runAsync(
          () -> {
            Awaitility.await()
                .pollInterval(Duration.ofMillis(postgres ? 20 : 150))
                .until(() -> waiting() > 0);
            try {
              work.run();
              connection.commit();
            } catch (SQLException e) {
              throw new IllegalStateException(e);
            }
          });
    }

    interface Work {
      void run() throws SQLException;
    }

    @Override
    public void close() throws SQLException {
      connection.close();
    }
  }

  @EachDatabase({DatabaseVendor.POSTGRESQL, DatabaseVendor.MARIADB})
  void theVictimOfADeadlockLoadsAgain(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database)) {
      ended(night);
      database.execute("create table ballast(n integer)");
      try (Rival rival = new Rival(database)) {
        if (database.vendor() == DatabaseVendor.POSTGRESQL) {
          rival.run("set deadlock_timeout = '60s'");
        } else {
          // InnoDB rolls back the smaller of the two
          rival.run("insert into ballast select seq from seq_1_to_5000");
        }
        var done =
            rival.whenWaitedFor(
                () -> rival.run("update invoices set vendor = 'r' where invoice_no = 'INV-1'"));
        night.collect();
        done.join();
      }
      allLoadedOnce(night, "deadlock in the load");
    }
  }

  @EachDatabase({DatabaseVendor.POSTGRESQL, DatabaseVendor.MARIADB})
  void aConnectionKilledByTheServerInTheMiddleOfALoad(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database)) {
      ended(night);
      try (Rival rival = new Rival(database)) {
        var done = rival.whenWaitedFor(rival::kill);
        night.collect();
        done.join();
      }
      allLoadedOnce(night, "connection killed by the server in the load");
    }
  }

  @EachDatabase(DatabaseVendor.MARIADB)
  void aLockWaitThatEndsRollsBackMoreThanTheStatement(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database)) {
      night.set("db.url", database.url() + "?sessionVariables=innodb_lock_wait_timeout=2");
      ended(night);
      try (Rival rival = new Rival(database)) {
        var done =
            rival.whenWaitedFor(
                () -> Awaitility.await().pollDelay(Duration.ofMillis(2300)).until(() -> true));
        night.collect();
        done.join();
      }
      allLoadedOnce(night, "lock wait timeout in the load");
    }
  }

  @EachDatabase({DatabaseVendor.POSTGRESQL, DatabaseVendor.MARIADB})
  void aRowThatStaysLockedIsNamedAndTheOthersLoad(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database)) {
      night.set("db.url", database.url() + impatient(database));
      ended(night);
      try (Rival rival = new Rival(database)) {
        night.collect();
        assertThat(rival.waiting()).isZero();
      }
      assertThat(night.pause()).isEmpty();
      assertThat(night.outcome("INV-5")).isEqualTo("rejected load_failed");
      assertThat(night.count("invoices where loads = 1")).isEqualTo(4);
      FaultTable.tried("row that stays locked", night);
    }
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  @Tag("long")
  void aTableThatStaysLockedIsToldAndWaitedFor(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database)) {
      night.set("db.url", database.url() + impatient(database));
      ended(night);
      try (Rival rival = new Rival(database)) {
        rival.run("lock table invoices in exclusive mode");
        night.collect();
      }
      assertThat(night.pause()).isEmpty();
      assertThat(night.count("caravan_request where outcome is not null")).isZero();
      assertThat(night.mails()).anyMatch(m -> m.contains("answers wait for a lock"));
      night.minutes(2);
      allLoadedOnce(night, "table that stays locked");
    }
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  @Tag("long")
  void deadlocksThatDoNotEndAreNamed(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database)) {
      ended(night)
          .database()
          .execute(
              "create function fail() returns trigger language plpgsql as $$ begin"
                  + " raise exception 'deadlock detected' using errcode = '40P01'; end $$",
              "create trigger fail before update on invoices for each row execute function fail()");
      night.collect();
      assertThat(night.pause()).isEmpty();
      assertThat(
              database.count(
                  "select count(*) from caravan_mail where plain like '%load.workers=1%'"))
          .isEqualTo(1);
      database.execute("drop trigger fail on invoices");
      night.minutes(2);
      allLoadedOnce(night, "deadlocks that do not end");
    }
  }

  private static String impatient(TestDatabase database) {
    return database.vendor() == DatabaseVendor.POSTGRESQL
        ? "?options=-c%20lock_timeout=200ms"
        : "?sessionVariables=innodb_lock_wait_timeout=1";
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void aSerializationFailureIsTriedAgain(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database)) {
      ended(night)
          .database()
          .execute(
              "create sequence failures",
              "create function fail_first() returns trigger language plpgsql as $$ begin"
                  + " if nextval('failures') <= 2 then raise exception 'could not serialize access'"
                  + " using errcode = '40001'; end if; return new; end $$",
              "create trigger fail before update on invoices for each row execute function"
                  + " fail_first()");
      night.collect();
      allLoadedOnce(night, "serialization failure in the load");
    }
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  @Tag("long")
  void anExhaustedPoolIsWaitedFor(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database)) {
      ended(night);
      HikariDataSource pool = night.fixture().application().bean("writer", HikariDataSource.class);
      List<Connection> taken = new ArrayList<>();
      for (int i = 0; i < pool.getMaximumPoolSize(); i++) {
        taken.add(pool.getConnection());
      }
      assertThat(night.fixture().application().call("direct:collect", Map.of()))
          .satisfies(done -> assertThat(done.getException()).isNotNull());
      for (Connection connection : taken) {
        connection.close();
      }
      allLoadedOnce(night, "connection pool exhausted");
    }
  }

  @EachDatabase
  void aRowThatViolatesAConstraintCostsItselfAndItsValuesStayOutOfTheLedger(TestDatabase database)
      throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database)) {
      String secret =
          "{\"department\":\"IT\",\"amount\":777777,\"summary\":\"s3cr3t\",\"approval_required\":false}";
      night.simulator().answers("INV-2$", secret);
      database.execute(
          "alter table invoices add constraint small_amount check (extracted_amount < 1000)");
      ended(night).collect().untilDone();
      assertThat(night.outcome("INV-2")).isEqualTo("rejected load_failed");
      assertThat(night.count("invoices where loads = 1")).isEqualTo(4);
      assertThat(
              String.valueOf(
                  night
                      .fixture()
                      .row("select detail from caravan_request where cause = 'load_failed'")
                      .get("detail")))
          .containsIgnoringCase("small_amount")
          .doesNotContain("s3cr3t", "777777", "update invoices", "Batch entry");
      FaultTable.tried("row that violates a constraint", night);
    }
  }

  @EachDatabase({DatabaseVendor.POSTGRESQL, DatabaseVendor.MARIADB})
  void aRevokedRightPausesTheJobAndRejectsNothing(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database)) {
      night.start().fixture().stop();
      TestDatabase guest = restricted(database);
      night.set("db.user", guest.user()).set("db.password", guest.password());
      ended(night);
      database.asAdmin().execute("revoke update on invoices from " + guest.user());
      night.collect();
      assertThat(night.pause()).startsWith("load: ");
      assertThat(night.states()).containsExactly("ended");
      assertThat(night.count("caravan_request where outcome is not null")).isZero();
      assertThat(night.mails()).anyMatch(subject -> subject.contains("can't be loaded"));
      database.asAdmin().execute("grant update on invoices to " + guest.user());
      night.resume();
      allLoadedOnce(night, "right on the target table revoked");
    }
  }

  private static TestDatabase restricted(TestDatabase database) {
    if (database.vendor() == DatabaseVendor.POSTGRESQL) {
      return database.restrictedUser(
          "select, insert, update, delete on all tables in schema public",
          "usage on all sequences in schema public");
    }
    return database.restrictedUser(
        database
            .query(
                "select table_name as name from information_schema.tables where table_schema = ?",
                database.name())
            .stream()
            .map(row -> "select, insert, update, delete on " + row.get("name"))
            .toArray(String[]::new));
  }
}
