package dev.caravan.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.ledger.LedgerTables;
import dev.caravan.ledger.Vendor;
import dev.caravan.simulator.Simulator;
import dev.caravan.simulator.SimulatorOptions;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.TestDatabase;
import dev.caravan.testing.TestMailServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class OnlineCheckTest {
  private static final String LOAD = "config/jobs/invoices/load.sql";
  private static final String ROUTE = "routes/jobs/invoices.camel.yaml";

  @TempDir Path folder;
  private TestHome home;
  private Simulator simulator;
  private TestMailServer mail;

  @BeforeEach
  void servers() throws Exception {
    simulator = Simulator.start(SimulatorOptions.defaults().withProcessing(Duration.ZERO));
    mail = TestMailServer.start();
    home = TestHome.in(folder);
  }

  @AfterEach
  void stop() throws Exception {
    simulator.close();
    mail.close();
  }

  private void on(TestDatabase database) {
    home.set("anthropic.base-url", simulator.baseUrl())
        .set("mail.from", "caravan@example.org")
        .set("mail.to", "ops@example.org")
        .set("smtp.host", "127.0.0.1")
        .set("smtp.port", String.valueOf(mail.port()))
        .remove("config/jobs/tickets")
        .remove("routes/jobs/tickets.camel.yaml");
    as(database);
    database.execute(
        "create table invoices(invoice_no varchar(20) primary key, vendor varchar(200), description"
            + " varchar(2000), amount numeric(12,2), received_on date, department varchar(60),"
            + " extracted_amount numeric(12,2), summary varchar(500), approval_required boolean,"
            + " processed_at timestamp null)",
        "insert into invoices(invoice_no, vendor, description, amount) values ('I-1', 'ACME',"
            + " 'Hosting', 7.50)");
  }

  private void as(TestDatabase database) {
    home.set("db.url", database.url())
        .set("db.user", database.user())
        .set("db.password", database.password());
  }

  private static void migrate(TestDatabase database) {
    new LedgerTables(database.dataSource(), Vendor.of(database.url()), null).migrate();
  }

  private void finds(String... parts) {
    assertThat(home.texts(false))
        .anySatisfy(
            text ->
                assertThat(List.of(parts))
                    .allSatisfy(part -> assertThat(text).containsIgnoringCase(part)));
  }

  @EachDatabase
  void findsNothingWrongAndChangesNothing(TestDatabase database) {
    on(database);
    assertThat(home.texts(false)).isEmpty();
    migrate(database);
    var before = database.query("select * from invoices");

    assertThat(home.texts(false)).isEmpty();

    assertThat(database.query("select * from invoices")).isEqualTo(before);
    assertThat(mail.messages()).isEmpty();
    assertThat(simulator.books().toString()).doesNotContain("msgbatch_");
  }

  @EachDatabase
  void namesFileAndLineOfSqlThatDoesNotFitTheDatabase(TestDatabase database) {
    on(database);
    migrate(database);
    home.edit("config/jobs/invoices/extract.sql", "       vendor,", "       vendr as vendor,")
        .edit("config/jobs/invoices/report.sql", "i.approval_required = true", "i.approved = true")
        .edit(LOAD, "set department        =", "set departmant        =");

    finds("config/jobs/invoices/extract.sql:", "vendr");
    finds("config/jobs/invoices/report.sql:", "approved");
    home.edit("config/jobs/invoices/extract.sql", "vendr as vendor", "vendor");
    finds(LOAD + ":", "departmant");
  }

  @EachDatabase
  void executesEveryStatementOfLoadSqlAndTakesItBack(TestDatabase database) {
    on(database);
    database.execute("create table log(invoice_no varchar(20), answer varchar(200))");
    home.write(
        LOAD,
        home.read(LOAD)
            + ";\ninsert into log(invoice_no, answer) values (:key_invoice_no, :summary)"
            + ";\ninsert into logg(invoice_no) values (:key_invoice_no)");

    finds(LOAD + ":13", "logg");

    assertThat(database.count("select count(*) from log")).isZero();
  }

  @EachDatabase
  void namesAKeyColumnThatTheResultDoesNotHave(TestDatabase database) {
    on(database);
    home.write("config/jobs/invoices/extract.sql", "select * from invoices")
        .edit("config/jobs/invoices/job.properties", "key=invoice_no", "key=invoice_id");

    finds("extract.sql:1: the result has no key column invoice_id", "Did you mean invoice_no?");
  }

  @EachDatabase(DatabaseVendor.H2)
  void putsRealRowsThroughEveryRuleAndThePrompt(TestDatabase database) {
    on(database);
    home.edit(ROUTE, "${body[amount]} > {{", "${body[amout]} > {{")
        .edit("config/jobs/invoices/prompt.md", "${invoice_no}", "${invoice_number}");
    finds(ROUTE + ":59: extract.sql gives no column amout", "Did you mean amount?");
    finds(ROUTE, "record I-1 could not be sent: prompt_failed", "invoice_number");

    home.edit(ROUTE, "${body[amout]} > {{", "${body[amount].noSuchThing()} > {{");
    finds(ROUTE + ":", "a rule fails for record I-1", "noSuchThing");
  }

  @EachDatabase(DatabaseVendor.H2)
  void saysThatThereIsNoRowToTry(TestDatabase database) {
    on(database);
    database.execute("delete from invoices");

    finds("extract.sql: warning: gives no row now");
  }

  @EachDatabase({DatabaseVendor.POSTGRESQL, DatabaseVendor.MARIADB})
  void namesADatabaseThatRefusesWithoutItsPassword(TestDatabase database) {
    on(database);
    home.set("db.password", "wrong-secret");

    finds(
        "CARAVAN_DB_URL: the database " + database.url() + " can't be used", "CARAVAN_DB_PASSWORD");
    assertThat(home.texts(false)).noneMatch(text -> text.contains("wrong-secret"));

    home.set("db.url", database.url().replaceFirst(":\\d+/", ":1/"));
    finds("CARAVAN_DB_URL", "Check host and port");
  }

  @EachDatabase
  void namesTablesThatTheAccountMayNotMake(TestDatabase database) {
    on(database);
    as(database.restrictedUser("select, update on invoices"));

    finds("Caravan's tables (V001", "is not allowed to create them", "./caravan check --ddl");
  }

  @EachDatabase(DatabaseVendor.MARIADB)
  void refusesTablesWithoutTransactions(TestDatabase database) {
    on(database);
    database.execute("alter table invoices engine=MyISAM");

    finds(LOAD + ":4: the table invoices has no transactions (engine MyISAM)", "engine=InnoDB");
  }

  @EachDatabase(DatabaseVendor.MARIADB)
  void warnsOfKeysThatTheDatabaseTakesForEqual(TestDatabase database) {
    on(database);
    assertThat(home.texts(false)).isEmpty();
    database.execute(
        "alter table invoices drop primary key, modify invoice_no varchar(20) collate"
            + " utf8mb4_general_ci");

    finds("warning: the key column invoice_no has the collation utf8mb4_general_ci", "binary");
  }

  @EachDatabase(DatabaseVendor.H2)
  void namesAMailServerThatDoesNotAnswerOrRefusesTheLogin(TestDatabase database) {
    on(database);
    try (TestMailServer closed = TestMailServer.startWithLogin("ops", "right")) {
      home.set("smtp.port", String.valueOf(closed.port()))
          .set("smtp.starttls", "off")
          .set("smtp.user", "ops")
          .set("smtp.password", "wrong-secret");
      finds(
          "the mail server 127.0.0.1:" + closed.port() + " can't be used",
          "Check CARAVAN_SMTP_USER");
      assertThat(home.texts(false)).noneMatch(text -> text.contains("wrong-secret"));
      home.set("smtp.password", "right");
      assertThat(home.texts(false)).isEmpty();
      home.set("smtp.starttls", "required");
      finds("can't be used", "STARTTLS");
      closed.goAway();
      finds("can't be used", "Check CARAVAN_SMTP_HOST");
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void namesAnApiThatDoesNotAnswerOrRefusesTheKey(TestDatabase database) throws Exception {
    on(database);
    home.environment("ANTHROPIC_API_KEY", "");
    finds("ANTHROPIC_API_KEY: is not set");
    home.environment("ANTHROPIC_API_KEY", "test-key")
        .edit(
            "config/jobs/invoices/job.properties",
            "param.large-model=claude-sonnet-5-5",
            "param.large-model=claude-sonnet-9-9");
    finds("warning: param.large-model is claude-sonnet-9-9, which the API does not have");
    try (Simulator closed =
        Simulator.start(
            SimulatorOptions.defaults().withWorkspaces(Map.of("good-key", "wrkspc_x")))) {
      home.set("anthropic.base-url", closed.baseUrl())
          .environment("ANTHROPIC_API_KEY", "wrong-secret");
      finds("ANTHROPIC_API_KEY: the key is not accepted", "HTTP 401", "Claude Console");
      assertThat(home.texts(false)).noneMatch(text -> text.contains("wrong-secret"));
    }
    home.set("anthropic.base-url", simulator.baseUrl());
    simulator.close();
    finds("ANTHROPIC_BASE_URL: " + simulator.baseUrl() + " can't be reached");
  }

  @EachDatabase(DatabaseVendor.H2)
  void namesALedgerOfAnotherHome(TestDatabase database) {
    on(database);
    migrate(database);
    database.execute("insert into caravan_home(id, created_at) values ('theirs', localtimestamp)");
    home.write("data/home.id", "ours\n");

    finds("data/home.id: is ours, but this ledger belongs to theirs", "./caravan own");
  }

  @EachDatabase(DatabaseVendor.H2)
  void namesASpoolThatCannotBeWritten(TestDatabase database) {
    on(database);
    home.write("data/spool", "a file, not a folder");

    finds("spool.dir: ", "can't be written to");
  }

  @EachDatabase(DatabaseVendor.MARIADB)
  void readsWhatTheDriverAloneCanNot(TestDatabase database) {
    on(database);
    home.edit("config/jobs/invoices/extract.sql", "received_on\nfrom", "received_on, made\nfrom");
    database.execute(
        "alter table invoices add made year default 2026",
        "insert into invoices(invoice_no, made) values ('I-2', 0), ('I-3', 0)");

    assertThat(home.texts(false)).isEmpty();
  }

  @EachDatabase({DatabaseVendor.POSTGRESQL, DatabaseVendor.MARIADB})
  void refusesAKeyThatCanNotBeFoundAgain(TestDatabase database) {
    on(database);
    home.write(
        "config/jobs/invoices/extract.sql",
        "select e as invoice_no, vendor, description,"
            + " amount, received_on from (select 1e-1 * cast(1 as "
            + (database.vendor() == DatabaseVendor.MARIADB ? "double" : "double precision")
            + ") as e, invoices.* from invoices) x where processed_at is null");

    finds("the key column invoice_no is a floating-point number");
  }

  @EachDatabase({DatabaseVendor.POSTGRESQL, DatabaseVendor.MARIADB})
  void triesLoadSqlOnARealRowAndTakesItBack(TestDatabase database) {
    on(database);
    database.execute("create view v as select distinct * from invoices");
    home.edit(LOAD, "update invoices", "update v");
    finds(LOAD + ":4:", "update");

    home.edit(LOAD, "update v", "update invoices");
    database.execute(
        "drop view v",
        "alter table invoices drop column summary",
        "alter table invoices add summary date");
    finds(LOAD + ":4:", "date");
    assertThat(database.query("select * from invoices where processed_at is not null")).isEmpty();
  }

  @EachDatabase(DatabaseVendor.H2)
  void takesAnEmptyHomeIdForNone(TestDatabase database) {
    on(database);
    migrate(database);
    database.execute("insert into caravan_home(id, created_at) values ('theirs', localtimestamp)");
    home.write("data/home.id", "\n");

    finds("data/home.id: is missing or empty, but this ledger belongs to theirs");
  }
}
