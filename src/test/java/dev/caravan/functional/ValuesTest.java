package dev.caravan.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.extract.DryRun;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Nights over rows whose values drivers, zones and types could change. */
class ValuesTest {
  private final TimeZone before = TimeZone.getDefault();
  @TempDir Path home;

  @AfterEach
  void zoneOfTheMachine() {
    TimeZone.setDefault(before);
  }

  private InvoiceNight night(
      TestDatabase database, String key, String extract, String prompt, String load)
      throws Exception {
    InvoiceNight night = InvoiceNight.in(home, database).withoutRules();
    night.write("extract.sql", extract).write("prompt.md", prompt).write("load.sql", load);
    Path properties = home.resolve("config/jobs/invoices/job.properties");
    night.write(
        "job.properties",
        Files.readString(properties).replace("key=invoice_no", "key=" + key)
            + "\nzone=Europe/Berlin\n");
    return night;
  }

  private static String spooled(Path home) throws Exception {
    try (Stream<Path> files = Files.walk(home.resolve("data/spool"))) {
      List<String> texts = new ArrayList<>();
      for (Path file : files.filter(f -> f.toString().endsWith(".requests.jsonl")).toList()) {
        texts.add(Files.readString(file));
      }
      return texts.stream().collect(Collectors.joining());
    }
  }

  @EachDatabase
  void rowsAroundDaylightSavingEachGetTheirOwnAnswer(TestDatabase database) throws Exception {
    TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
    String instant =
        database.vendor() == DatabaseVendor.MARIADB ? "timestamp null" : "timestamp with time zone";
    String offset = database.vendor() == DatabaseVendor.MARIADB ? "" : "+00";
    String local = database.vendor() == DatabaseVendor.MARIADB ? "datetime" : "timestamp";
    database.execute(
        "create table dst(id integer primary key, i "
            + instant
            + ", l "
            + local
            + ", answered varchar(300), loads integer default 0)");
    String[] instants = {"2026-10-25 00:30:00", "2026-10-25 01:30:00", "2026-03-29 00:30:00"};
    String[] locals = {"2026-03-29 02:30:00", "2026-03-29 03:30:00", "2026-10-25 02:30:00"};
    for (int i = 0; i < 3; i++) {
      database.execute(
          "insert into dst(id, i, l) values (%d, '%s%s', '%s')"
              .formatted(i + 1, instants[i], offset, locals[i]));
    }
    try (InvoiceNight night =
        night(
            database,
            "i,l",
            "select id, i, l, id as keep_id, 1 as amount from dst where loads = 0",
            "row ${id}",
            "update dst set loads = loads + 1, answered = :keep_id where i = :key_i and l ="
                + " :key_l")) {
      night.start().extract().submit().untilDone();
      assertThat(database.query("select id, answered, loads from dst order by id"))
          .allSatisfy(
              row -> {
                assertThat(String.valueOf(row.get("answered")))
                    .isEqualTo(String.valueOf(row.get("id")));
                assertThat(((Number) row.get("loads")).intValue()).isEqualTo(1);
              })
          .hasSize(3);
    }
  }

  @EachDatabase
  void aFinishedRowIsSkippedWhereverTheMachineStands(TestDatabase database) throws Exception {
    database.execute(
        "create table zoned(id integer primary key, t timestamp"
            + (database.vendor() == DatabaseVendor.MARIADB ? " null" : " with time zone")
            + ", loads integer default 0)",
        "insert into zoned(id, t) values (1, '2026-11-27 12:00:00')");
    try (InvoiceNight night =
        night(
            database,
            "t",
            "select t, 1 as amount, id from zoned",
            "${t}",
            "update zoned set loads = loads + 1 where id = 1")) {
      night.start().extract().submit().untilDone();
      TimeZone.setDefault(TimeZone.getTimeZone("America/New_York"));
      night.write("extract.sql", "select id, t, 1 as amount from zoned");
      night.restart().advance(Duration.ofHours(1)).extract().submit().untilDone();
      assertThat(night.accepted()).isEqualTo(1);
      assertThat(spooled(home)).contains("2026-11-27T", "+01:00");
    }
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void aKeyKeepsTheTypeOfItsColumn(TestDatabase database) throws Exception {
    database.execute(
        "create table put_(id integer primary key, n smallint, ip inet, loads integer default 0)",
        "insert into put_(id, n, ip) values (1, 2, '10.0.0.1')",
        "create function put(i integer, s smallint, p inet, a text) returns void language sql as"
            + " 'update put_ set loads = loads + 1 where id = i and n = s and ip = p'");
    try (InvoiceNight night =
        night(
            database,
            "id,n,ip",
            "select id, n, ip, 1 as amount from put_",
            "${id} ${n} ${ip}",
            "select put(:key_id, :key_n, :key_ip, :department)")) {
      night.start().extract().submit().untilDone();
      assertThat(night.count("put_ where loads = 1")).isEqualTo(1);
    }
  }

  @EachDatabase(DatabaseVendor.MARIADB)
  void aValueThatCannotBeReadSetsItsRecordAside(TestDatabase database) throws Exception {
    database.execute(
        "create table bad(k varchar(20), k2 date, d date, loads integer default 0)",
        "insert into bad(k, k2, d) values ('a', '2026-01-01', null), ('b', '2026-01-01',"
            + " '2026-00-00'), ('c', '2026-00-00', null)");
    try (InvoiceNight night =
        night(
            database,
            "k,k2",
            "select k, k2, d, 1 as amount from bad order by k",
            "${d!\"none\"}",
            "update bad set loads = loads + 1 where k = :key_k and k2 = :key_k2")) {
      // in its binary protocol the driver can't read a date without a month
      String url = database.url();
      night.set("source.url", url + (url.contains("?") ? "&" : "?") + "useServerPrepStmts=true");
      night.start().extract().submit().untilDone();
      assertThat(night.outcome("a, 2026-01-01")).isEqualTo("completed");
      assertThat(night.outcome("b, 2026-01-01")).isEqualTo("rejected unreadable");
      assertThat(database.query("select detail from caravan_record where cause = 'unreadable'"))
          .singleElement()
          .asString()
          .contains("column d of type DATE", "cast(d as char) as d");
      assertThat(night.fixture().row("select bad_keys from caravan_run"))
          .containsEntry("bad_keys", 1L);
      try (Stream<Path> files = Files.walk(home.resolve("data/spool"))) {
        Path named =
            files.filter(f -> f.toString().endsWith(".keys.jsonl")).findFirst().orElseThrow();
        assertThat(Files.readString(named)).contains("unreadable_key", "column k2 of type DATE");
      }
    }
  }

  @EachDatabase
  void twoColumnsOfOneNameStopTheRunAndSayWhich(TestDatabase database) throws Exception {
    try (InvoiceNight night =
        night(
            database,
            "invoice_no",
            "select i.invoice_no, i.vendor, j.vendor as VENDOR, 1 as amount from invoices i"
                + " join invoices j on j.invoice_no = i.invoice_no",
            "${vendor}",
            "update invoices set loads = loads + 1 where invoice_no = :key_invoice_no")) {
      night.invoices(1, 2).start().fire();
      assertThat(night.pause()).contains("two columns named vendor", "as");
      assertThat(night.count("caravan_request")).isZero();
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void aFloatingKeyIsRefusedBeforeAnythingIsSent(TestDatabase database) throws Exception {
    database.execute(
        "create table floating(k real, loads integer default 0)",
        "insert into floating(k) values (0.1)");
    try (InvoiceNight night =
        night(
            database,
            "k",
            "select k, 1 as amount from floating",
            "${k}",
            "update floating set loads = 1 where k = :key_k")) {
      night.start().fire();
      assertThat(night.pause()).contains("key column k is of type real");
      assertThat(night.count("caravan_request")).isZero();
    }
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void aNulInAKeySetsThatRecordAside(TestDatabase database) throws Exception {
    Path file = home.resolve("source");
    String url = "jdbc:h2:file:" + file + ";AUTO_SERVER=TRUE";
    try (java.sql.Connection source = java.sql.DriverManager.getConnection(url, "sa", "");
        java.sql.Statement statement = source.createStatement()) {
      statement.execute("create table t(k varchar(20), keep_n varchar(20), note varchar(20))");
      statement.execute(
          "insert into t values ('a', 'x', 'fine'), ('b' || char(0), 'x', 'fine'), ('c', char(0),"
              + " 'x')");
    }
    database.execute(
        "create table loaded(k varchar(20), loads integer default 0)",
        "insert into loaded(k) values ('a')");
    try (InvoiceNight night =
        night(
            database,
            "k",
            "select k, keep_n, note, 1 as amount from t order by k",
            "${note}",
            "update loaded set loads = loads + 1 where k = :key_k")) {
      night.set("source.url", url).set("source.user", "sa").set("source.password", "");
      night.start().extract().submit().untilDone();
      assertThat(night.outcome("a")).isEqualTo("completed");
      assertThat(night.count("caravan_record where cause = 'unreadable'")).isEqualTo(2);
      assertThat(night.pause()).isEmpty();
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void aLabelThatIsNoNameIsWrittenByTheDataModel(TestDatabase database) throws Exception {
    try (InvoiceNight night =
        night(
            database,
            "invoice_no",
            "select invoice_no, vendor as \"order No\", vendor as \"in\", vendor as \"a-b\", 1 as"
                + " amount from invoices",
            "${.data_model[\"order no\"]} ${.data_model[\"in\"]} ${.data_model[\"a-b\"]}",
            "update invoices set loads = loads + 1 where invoice_no = :key_invoice_no")) {
      night.invoices(1, 1).start();
      List<String> shown = new ArrayList<>();
      night.fixture().application().bean("dryRun", DryRun.class).show("invoices", 5, shown::add);
      assertThat(shown).singleElement().asString().contains("Vendor 1 Vendor 1 Vendor 1");
    }
  }

  @EachDatabase
  void anOlderLedgerSendsNothingAgain(TestDatabase database) throws Exception {
    String instant = database.vendor() == DatabaseVendor.MARIADB ? "timestamp null" : "timestamp";
    database.execute(
        "create table older(id integer primary key, d date, t "
            + instant
            + ", n numeric(10,2), note varchar(50), loads integer default 0)",
        "insert into older(id, d, t, n, note) values (1, '2026-11-27', '2026-11-27 12:00:00', 0.10,"
            + " 'x')",
        "insert into older(id, d, t, n, note) values (2, '2026-11-27', null, null, null)");
    try (InvoiceNight night =
        night(
            database,
            "id",
            "select id, d, t, n, note from older",
            "${id}",
            "update older set loads = loads + 1 where id = :key_id")) {
      night.start().extract().submit().untilDone();
      String one =
          "[\"id\",1,\"d\",\"2026-11-27\",\"t\",\"2026-11-27T12:00\",\"n\",0.1,\"note\",\"x\"]";
      String two = "[\"id\",2,\"d\",\"2026-11-27\",\"t\",null,\"n\",null,\"note\",null]";
      database.execute(
          "update caravan_request set row_hash = '%s' where record_key = '1'"
              .formatted(sha256(one)),
          "update caravan_request set row_hash = '%s' where record_key = '2'"
              .formatted(sha256(two)));
      night.advance(Duration.ofHours(1)).extract().submit().untilDone();
      assertThat(night.accepted()).isEqualTo(1);
      assertThat(night.count("caravan_request where row_hash like '2:%'")).isEqualTo(2);
      database.execute("update older set note = 'changed' where id = 2");
      night.advance(Duration.ofHours(1)).extract().submit().untilDone();
      assertThat(night.count("caravan_request")).isEqualTo(3);
    }
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void aRecordKnownByAnOlderKeyIsCarriedOver(TestDatabase database) throws Exception {
    TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
    database.execute(
        "create table carried(t timestamptz, tm time, note varchar(50), loads integer default 0)",
        "insert into carried(t, tm, note) values ('2026-11-27 12:00Z', '10:00', 'a'), ('2026-10-25"
            + " 00:30Z', '10:00', 'fold'), ('2026-11-28 12:00Z', '10:00:00.5', 'digits')");
    try (InvoiceNight night =
        night(
            database,
            "t,tm",
            "select t, tm, note from carried",
            "${note}",
            "update carried set loads = loads + 1 where t = :key_t and tm = :key_tm")) {
      night.start().extract().submit().untilDone();
      older(database, "a", "2026-11-27T13:00", "10:00");
      older(database, "fold", "2026-10-25T02:30", "10:00");
      older(database, "digits", "2026-11-28T13:00", "10:00");
      night.advance(Duration.ofHours(1)).extract().submit().untilDone();
      assertThat(database.query("select note, loads from carried order by note"))
          .extracting(row -> row.get("note") + " " + row.get("loads"))
          .containsExactly("a 1", "digits 1", "fold 2");
      assertThat(night.count("caravan_request where row_hash like '2:%'")).isEqualTo(3);
      assertThat(
              night
                  .fixture()
                  .row("select count(*) n from caravan_record where record_key like '%Z, 10:00%'")
                  .get("n"))
          .isEqualTo(3L);
    }
  }

  /** The record as a ledger of the version before has it. */
  private static void older(TestDatabase database, String note, String t, String tm)
      throws Exception {
    Map<String, Object> row =
        database
            .query(
                "select key_hash from caravan_request where record_key like ?",
                switch (note) {
                  case "a" -> "2026-11-27%";
                  case "fold" -> "2026-10-25%";
                  default -> "2026-11-28%";
                })
            .get(0);
    database.execute(
        "update caravan_request set key_hash = '%s', record_key = '%s', row_hash = '%s' where key_hash = '%s'"
            .formatted(
                sha256("[\"%s\",\"%s\"]".formatted(t, tm)),
                t + ", " + tm,
                sha256("[\"t\",\"%s\",\"tm\",\"%s\",\"note\",\"%s\"]".formatted(t, tm, note)),
                row.get("key_hash")));
  }

  private static String sha256(String text) throws Exception {
    return java.util.HexFormat.of()
        .formatHex(
            java.security.MessageDigest.getInstance("SHA-256")
                .digest(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }
}
