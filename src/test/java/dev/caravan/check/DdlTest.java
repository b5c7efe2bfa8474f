package dev.caravan.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.settings.FaultsException;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.NightFixture;
import dev.caravan.testing.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.support.EncodedResource;
import org.springframework.jdbc.datasource.init.ScriptUtils;

class DdlTest {
  @TempDir Path folder;

  @EachDatabase
  void letsANightRunWithAnAccountThatMayNotCreate(TestDatabase database) throws Exception {
    database.execute(
        "create table invoices(invoice_no varchar(20) primary key, vendor varchar(200), description"
            + " varchar(2000), amount numeric(12,2), received_on date, department varchar(60),"
            + " extracted_amount numeric(12,2), summary varchar(500), approval_required boolean,"
            + " processed_at timestamp null)",
        "insert into invoices(invoice_no, vendor, description, amount) values ('I-1', 'ACME',"
            + " 'Hosting', 7.50)",
        "create table flyway_schema_history(installed_rank int primary key, version varchar(50))",
        "insert into flyway_schema_history values (1, '7')");
    TestDatabase guest = database.restrictedUser("select, update on invoices");
    run(database.asAdmin(), ddl(guest, Map.of()));

    try (NightFixture night = NightFixture.in(folder, guest).start()) {
      assertThat(night.extract("invoices").getException()).isNull();
      night.round();
      assertThat(guest.count("select count(*) from caravan_record where outcome = 'completed'"))
          .isEqualTo(1);
    }

    assertThat(guest.count("select count(*) from invoices where department is not null"))
        .isEqualTo(1);
    assertThat(database.count("select count(*) from flyway_schema_history")).isEqualTo(1);
    assertThatThrownBy(() -> guest.execute("create table t (a integer)")).isNotNull();
    assertThat(ddl(guest, Map.of()))
        .contains("up to date")
        .doesNotContain("create table if not exists caravan");
  }

  @EachDatabase
  void putsTheLedgerIntoASchemaOfItsOwn(TestDatabase database) throws Exception {
    String schema = database.vendor() == DatabaseVendor.MARIADB ? database.name() + "_l" : "ledger";
    TestDatabase guest = database.restrictedUser();
    run(database.asAdmin(), ddl(guest, Map.of("db.schema", schema)));
    try (NightFixture night = NightFixture.in(folder, guest).set("db.schema", schema).start()) {
      assertThat(night.ledger().tables.pending()).isEmpty();
      assertThat(night.ledger().runs.unfinished()).isEmpty();
    } finally {
      if (database.vendor() == DatabaseVendor.MARIADB) {
        database.asAdmin().execute("drop database " + schema);
      }
    }
  }

  @EachDatabase
  void printsTheSameHistoryThatFlywayWrites(TestDatabase database) throws Exception {
    String ddl = ddl(database, Map.of());
    try (NightFixture night = NightFixture.in(folder.resolve("night"), database)) {
      night.start();
      var history =
          database.vendor() == DatabaseVendor.H2
              ? "\"caravan_schema_history\""
              : "caravan_schema_history";
      var rank = database.vendor() == DatabaseVendor.H2 ? "\"version\"" : "version";
      for (var row : database.query("select * from " + history + " where " + rank + " <> '0'")) {
        assertThat(ddl)
            .contains("'" + row.get("version") + "', '" + row.get("description") + "', 'SQL', '")
            .contains("'" + row.get("script") + "', " + row.get("checksum"));
      }
    }
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void tellsEverythingToAnAccountThatMayNotUseTheSchema(TestDatabase database) throws Exception {
    database.execute("create schema etl");
    TestDatabase guest = database.restrictedUser();
    Map<String, String> etl = Map.of("db.schema", "etl");

    String before = ddl(guest, etl);
    assertThat(before)
        .contains("create table if not exists caravan_run", "grant usage on schema etl");
    run(database.asAdmin(), before);
    database.asAdmin().execute("revoke usage on schema etl from " + guest.user());

    assertThat(ddl(guest, etl))
        .contains("Some of the tables are there", "grant usage on schema etl", "on caravan_run to")
        .doesNotContain("create table");
    run(database.asAdmin(), ddl(guest, etl));
    assertThat(ddl(guest, etl)).contains("up to date");
  }

  @EachDatabase(DatabaseVendor.MARIADB)
  void tellsEverythingToAnAccountThatMayNotEnterTheDatabase(TestDatabase database)
      throws Exception {
    String ledger = database.name() + "_l";
    database.asAdmin().execute("create database " + ledger);
    try {
      TestDatabase guest = database.restrictedUser();
      run(database.asAdmin(), ddl(guest, Map.of("db.schema", ledger)));
      assertThat(ddl(guest, Map.of("db.schema", ledger))).contains("up to date");
    } finally {
      database.asAdmin().execute("drop database " + ledger);
    }
  }

  @EachDatabase
  void saysThatTheLoginIsWrong(TestDatabase database) {
    assertThatThrownBy(() -> ddl(database, Map.of("db.password", "guessed")))
        .isInstanceOf(FaultsException.class)
        .hasMessageContaining("CARAVAN_DB_PASSWORD");
  }

  private String ddl(TestDatabase database, Map<String, String> more) {
    TestHome home = TestHome.in(folder.resolve("ddl" + System.nanoTime()));
    var overrides = new java.util.HashMap<>(more);
    overrides.put("db.url", database.url());
    overrides.put("db.user", database.user());
    overrides.putIfAbsent("db.password", database.password());
    return Ddl.of(home.path(), Map.of(), overrides);
  }

  private static void run(TestDatabase admin, String sql) throws Exception {
    try (Connection connection = admin.dataSource().getConnection()) {
      var script = new EncodedResource(new ByteArrayResource(sql.getBytes("UTF-8")), "UTF-8");
      ScriptUtils.executeSqlScript(connection, script);
    }
  }
}
