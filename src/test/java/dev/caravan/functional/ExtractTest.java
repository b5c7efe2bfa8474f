package dev.caravan.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.faults.FaultTable;
import dev.caravan.simulator.Books;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.NightFixture;
import dev.caravan.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/** What rows become: requests, skips, or rejects that are named (R1, R7). */
class ExtractTest {
  @TempDir Path home;

  private static final String KEYS =
      "create table keyed(k varchar(100), id integer, description varchar(200), loads integer default 0)";

  /** The job over a table without a primary key: its rows may have any key, or none. */
  private InvoiceNight keyed(TestDatabase database, String columns) throws Exception {
    database.execute(
        database.vendor() == DatabaseVendor.MARIADB ? KEYS + " collate utf8mb4_nopad_bin" : KEYS);
    InvoiceNight night = InvoiceNight.in(home, database);
    night.write(
        "extract.sql",
        "select k as invoice_no, id, description, 1 as amount from keyed order by id");
    night.write("load.sql", "update keyed set loads = loads + 1 where k = :key_invoice_no");
    night.write("prompt.md", "${description!\"none\"}");
    night.write(
        "job.properties",
        Files.readString(home.resolve("config/jobs/invoices/job.properties"))
            .replace("key=invoice_no", "key=" + columns));
    return night.withoutRules();
  }

  private static void insert(TestDatabase database, Object... keys) throws Exception {
    try (Connection connection = database.dataSource().getConnection();
        PreparedStatement insert =
            connection.prepareStatement("insert into keyed(k, id, description) values (?, ?, ?)")) {
      for (int i = 0; i < keys.length; i++) {
        insert.setObject(1, keys[i]);
        insert.setInt(2, i);
        insert.setString(3, "text " + i);
        insert.execute();
      }
    }
  }

  @EachDatabase
  void keysThatLookAlikeStayApart(TestDatabase database) throws Exception {
    try (InvoiceNight night = keyed(database, "invoice_no")) {
      insert(
          database,
          "INV/001",
          "INV_001",
          "INV-001",
          "abc",
          "ABC",
          "abc ",
          " abc",
          "日本/ü😀",
          "'; --",
          "${x}</#if>");
      night.start().extract().submit().untilDone();
      assertThat(night.count("keyed where loads = 1")).isEqualTo(10);
      assertThat(night.count("caravan_record where outcome = 'completed'")).isEqualTo(10);
      assertThat(night.fixture().row("select duplicate_keys, bad_keys from caravan_run").values())
          .allMatch(count -> ((Number) count).intValue() == 0);
    }
  }

  @EachDatabase(DatabaseVendor.MARIADB)
  void keysThatTheTableCannotTellApartAreNotLoadedRatherThanLoadedTwice(TestDatabase database)
      throws Exception {
    try (InvoiceNight night = keyed(database, "invoice_no")) {
      database.execute("drop table keyed", KEYS + " collate utf8mb4_general_ci");
      insert(database, "abc", "ABC", "abc ", "other");
      night.start().extract().submit().untilDone();
      assertThat(night.count("caravan_record where cause = 'not_loaded'")).isEqualTo(3);
      assertThat(night.count("keyed where loads = 1")).isEqualTo(1);
    }
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void nullAndRepeatedKeysAreCountedAndNamed(TestDatabase database) throws Exception {
    try (InvoiceNight night = keyed(database, "invoice_no")) {
      insert(database, "a", null, "b", "a", "a", null, null);
      night.start().extract().submit().untilDone();
      assertThat(night.fixture().row("select rows_read, duplicate_keys, bad_keys from caravan_run"))
          .containsEntry("rows_read", 7L)
          .containsEntry("duplicate_keys", 2L)
          .containsEntry("bad_keys", 3L);
      assertThat(night.accepted()).isEqualTo(1);
      try (Stream<Path> files = Files.walk(home.resolve("data/spool"))) {
        Path named =
            files.filter(f -> f.toString().endsWith(".keys.jsonl")).findFirst().orElseThrow();
        assertThat(Files.readAllLines(named))
            .hasSize(5)
            .anyMatch(line -> line.contains("repeated_key"));
      }
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void aKeyOfSeveralColumnsFindsItsRow(TestDatabase database) throws Exception {
    try (InvoiceNight night = keyed(database, "invoice_no,id")) {
      night.write(
          "load.sql",
          "update keyed set loads = loads + 1 where k = :key_invoice_no and id = :key_id");
      insert(database, "a", "a", "b");
      night.start().extract().submit().untilDone();
      assertThat(night.count("keyed where loads = 1")).isEqualTo(3);
    }
  }

  @EachDatabase
  void uuidDateAndNumberKeysFindTheirRows(TestDatabase database) throws Exception {
    String uuid = "uuid";
    database.execute(
        "create table typed(u "
            + uuid
            + ", d date, t timestamp(3) null, n numeric(20,4), loads integer default 0)",
        "insert into typed(u, d, t, n) values ('6F9619FF-8B86-D011-B42D-00CF4FC964FF', '2026-02-28', timestamp '2026-02-28 23:59:59.123', 10.5000)",
        "insert into typed(u, d, t, n) values ('6F9619FF-8B86-D011-B42D-00CF4FC964FE', '2026-02-28', timestamp '2026-02-28 23:59:59.124', 100)");
    try (InvoiceNight night = InvoiceNight.in(home, database).withoutRules()) {
      night.write("extract.sql", "select u, d, t, n, 1 as amount from typed");
      night.write(
          "load.sql",
          "update typed set loads = loads + 1 where u = :key_u and d = :key_d and t = :key_t and n = :key_n");
      night.write("prompt.md", "${n} on ${d}");
      night.write(
          "job.properties",
          Files.readString(home.resolve("config/jobs/invoices/job.properties"))
              .replace("key=invoice_no", "key=u,d,t,n"));
      night.start().extract().submit().untilDone();
      assertThat(night.count("typed where loads = 1")).isEqualTo(2);
    }
  }

  @EachDatabase
  void openAndUnchangedRecordsAreSkippedAndChangedOnesSentAgain(TestDatabase database)
      throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database)) {
      night.write(
          "extract.sql",
          "select invoice_no, vendor, description, amount, received_on from invoices order by invoice_no");
      night.invoices(1, 3).start().extract().submit();
      night.minutes(1).extract();
      assertThat(night.count("caravan_run where skipped_open = 3")).isEqualTo(1);
      night.untilDone();
      night.minutes(1).extract();
      assertThat(night.count("caravan_run where skipped_done = 3")).isEqualTo(1);
      assertThat(night.accepted()).isEqualTo(1);
      database.execute("update invoices set vendor = 'Other' where invoice_no = 'INV-2'");
      night.minutes(1).extract().submit().untilDone();
      assertThat(night.accepted()).isEqualTo(2);
      assertThat(night.count("invoices where loads = 2")).isEqualTo(1);
      database.execute("update invoices set vendor = 'Again' where invoice_no = 'INV-2'");
      night
          .property("extract.when-changed=skip")
          .restart()
          .minutes(1)
          .extract()
          .submit()
          .untilDone();
      assertThat(night.accepted()).isEqualTo(2);
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void anEmptyTableEndsItsRunAtOnce(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).start().extract().submit()) {
      assertThat(night.fixture().row("select state, rows_read from caravan_run"))
          .containsEntry("state", "ended")
          .containsEntry("rows_read", 0L);
      assertThat(night.states()).isEmpty();
    }
  }

  @EachDatabase(DatabaseVendor.MARIADB)
  void aFiringBelongsToOneProcessOnly(TestDatabase database) throws Exception {
    try (InvoiceNight night =
        InvoiceNight.in(home, database).invoices(1, 40).set("extract.chunk", "7").start()) {
      CompletableFuture<?> other =
          CompletableFuture.runAsync(() -> night.fixture().extract("invoices"));
      night.fixture().extract("invoices");
      other.join();
      assertThat(night.count("caravan_run")).isEqualTo(1);
      night.submit().untilDone();
      assertThat(night.count("invoices where loads = 1")).isEqualTo(40);
    }
  }

  @EachDatabase
  void twoRunsAtOnceClaimEachRecordOnce(TestDatabase database) throws Exception {
    try (InvoiceNight night =
        InvoiceNight.in(home, database).invoices(1, 60).set("extract.chunk", "7").start()) {
      CompletableFuture<?> other =
          CompletableFuture.runAsync(
              () ->
                  night
                      .fixture()
                      .extract("invoices", Map.of("due", NightFixture.DUE.plusSeconds(1))));
      night.fixture().extract("invoices");
      other.join();
      night.expireLeases();
      for (var run : night.fixture().ledger().runs.abandoned()) {
        night.fixture().extract("invoices", Map.of("run", run));
      }
      assertThat(night.count("caravan_request")).isEqualTo(60);
      night.submit().untilDone();
      assertThat(night.count("invoices where loads = 1")).isEqualTo(60);
    }
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void aTableThatGrowsWhileItIsReadIsReadAsItWasOrIsAndNothingTwice(TestDatabase database)
      throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 50)) {
      night.set("extract.chunk", "5").set("extract.fetch-size", "5").start();
      CompletableFuture<?> growth = CompletableFuture.runAsync(() -> night.invoices(51, 150));
      night.extract();
      growth.join();
      night.submit().untilDone();
      night.minutes(1).extract().submit().untilDone();
      assertThat(night.count("invoices where loads = 1")).isEqualTo(150);
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void aLimitIsKeptAcrossBatchesAndTheRestComesWithTheNextRun(TestDatabase database)
      throws Exception {
    try (InvoiceNight night =
        InvoiceNight.in(home, database).property("max-requests=3").invoices(1, 10).start()) {
      night.fixture().extract("invoices", Map.of("due", NightFixture.DUE, "limit", 7));
      night.submit().untilDone();
      assertThat(night.count("invoices where loads = 1")).isEqualTo(7);
      night.minutes(1).extract().submit().untilDone();
      assertThat(night.count("invoices where loads = 1")).isEqualTo(10);
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void batchesAreSplitByCountAndByBytes(TestDatabase database) throws Exception {
    try (InvoiceNight night =
        InvoiceNight.in(home, database)
            .set("submit.max-bytes", "12KB")
            .set("submit.max-request-bytes", "12KB")) {
      night.property("max-requests=4").property("cache=off").invoices(1, 10);
      database.execute(
          "update invoices set description = '"
              + "x".repeat(20_000)
              + "' where invoice_no = 'INV-5'");
      night.start().extract().submit().untilDone();
      assertThat(night.outcome("INV-5")).isEqualTo("rejected too_large");
      assertThat(night.count("invoices where loads = 1")).isEqualTo(9);
      assertThat(night.simulator().books().batches())
          .hasSizeGreaterThan(2)
          .allMatch(b -> b.requests() <= 4);
      assertThat(night.count("caravan_batch where bytes > 12000")).isZero();
      assertThat(night.simulator().books().batches().stream().mapToInt(Books.Batch::requests).sum())
          .isEqualTo(9);
    }
  }

  @EachDatabase
  void largeAndHostileTextsAreSentAsTheyAre(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 3)) {
      String hostile =
          "'\"${x}</#if><#list 1..9 as i>${i}</#list>\\ \u2028 \n\r\t{\"custom_id\":\"x\"} 日本 😀";
      try (Connection connection = database.dataSource().getConnection();
          PreparedStatement update =
              connection.prepareStatement(
                  "update invoices set description = ? where invoice_no = ?")) {
        update.setString(1, "€".repeat(1_700_000));
        update.setString(2, "INV-1");
        update.execute();
        update.setString(1, hostile);
        update.setString(2, "INV-2");
        update.execute();
      }
      var seen = new java.util.concurrent.atomic.AtomicReference<String>("");
      night
          .simulator()
          .answers(
              "INV-2$",
              asked -> {
                seen.set(asked.prompt());
                return "{\"department\":\"IT\",\"amount\":1,\"summary\":\"s\",\"approval_required\":false}";
              });
      night.start().extract().submit().untilDone();
      assertThat(night.count("invoices where loads = 1")).isEqualTo(3);
      assertThat(seen.get()).contains(hostile);
    }
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void aPromptThatFailsForOneRowRejectsThatRow(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 5)) {
      night.write("prompt.md", "${vendor} ${description}");
      database.execute("update invoices set vendor = null where invoice_no = 'INV-3'");
      night.start().extract().submit().untilDone();
      assertThat(night.outcome("INV-3")).isEqualTo("rejected prompt_failed");
      assertThat(night.count("invoices where loads = 1")).isEqualTo(4);
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void aPromptThatFailsForEveryRowStopsTheJob(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 60)) {
      String good = Files.readString(home.resolve("config/jobs/invoices/prompt.md"));
      night.write("prompt.md", "${vendors}").start();
      assertThat(night.fire().getException()).hasMessageContaining("50");
      assertThat(night.pause()).contains("50");
      assertThat(night.accepted()).isZero();
      night.write("prompt.md", good).restart().resume().expireLeases();
      night
          .fixture()
          .extract("invoices", Map.of("run", night.fixture().ledger().runs.abandoned().get(0)));
      night.submit().untilDone();
      assertThat(night.count("invoices where loads = 1")).isEqualTo(60);
    }
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void aSpoolThatCannotBeWrittenBreaksTheRunOffAndItIsReadAgain(TestDatabase database)
      throws Exception {
    try (InvoiceNight night =
        InvoiceNight.in(home, database).invoices(1, 12).set("extract.chunk", "5")) {
      Path blocked = home.resolve("data/spool/2026-11-20");
      Files.createDirectories(blocked.getParent());
      Files.writeString(blocked, "a file where a folder belongs");
      night.property("zone=UTC").start();
      assertThat(night.fire().getException()).isNotNull();
      assertThat(night.count("caravan_run where state = 'extracting' and error is not null"))
          .isEqualTo(1);
      assertThat(night.pause()).isEmpty();
      Files.delete(blocked);
      night.expireLeases();
      night
          .fixture()
          .extract("invoices", Map.of("run", night.fixture().ledger().runs.abandoned().get(0)));
      night.submit().untilDone();
      assertThat(night.count("invoices where loads = 1")).isEqualTo(12);
    }
  }

  @EachDatabase
  void anExtractThatDiedHalfWayIsReadAgainAndSendsEachRecordOnce(TestDatabase database)
      throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 20)) {
      night.property("max-requests=6").set("extract.chunk", "5");
      String good = Files.readString(home.resolve("config/jobs/invoices/extract.sql"));
      // the cursor breaks at INV-13: batches before it are ready, one is being written
      night.write(
          "extract.sql",
          "select invoice_no, vendor, description, amount, received_on, 1 / (case when invoice_no = 'INV-20' then id0 else 1 end) as x from (select i.*, 0 as id0 from invoices i) j order by invoice_no");
      night.start().fire();
      night.write("extract.sql", good).restart().resume().expireLeases();
      var abandoned = night.fixture().ledger().runs.abandoned();
      if (!abandoned.isEmpty()) {
        night.fixture().extract("invoices", Map.of("run", abandoned.get(0)));
      }
      night.submit().untilDone();
      assertThat(night.count("invoices where loads = 1")).isEqualTo(20);
      assertThat(night.simulator().books().batches().stream().mapToInt(Books.Batch::requests).sum())
          .isEqualTo(20);
    }
  }

  /** A process that lost its lease while the database was away, and comes back to life. */
  @EachDatabase
  void whoseRunWasTakenOverStopsAndLeavesNothingBehind(TestDatabase database) throws Exception {
    String takeOver =
        """
        - toD:
            id: take-over
            description: Another process takes the run, the first time a record is rendered
            uri: "sql:update caravan_run set pass = pass + 1, owner = 'other' where pass = 1"
            parameters:
              dataSource: "#writer"
              noop: "true"
        """;
    try (InvoiceNight night =
        InvoiceNight.in(home, database)
            .set("extract.chunk", "2")
            .firstSteps("invoices-request", takeOver)
            .invoices(1, 6)
            .start()) {
      assertThat(night.fire().getException()).hasStackTraceContaining("taken over");
      assertThat(night.pause()).isEmpty();
      assertThat(night.states()).doesNotContain("ready");
      night.expireLeases();
      extractAgain(night);
      night.submit().untilDone();
      assertThat(night.count("invoices where loads = 1")).isEqualTo(6);
      FaultTable.tried("process comes back after its run was taken over", night);
    }
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void aLimitHoldsForTheRunHoweverOftenItsExtractBegins(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 30)) {
      night.property("max-requests=4").set("extract.chunk", "2").set("extract.workers", "1");
      night.set("extract.fetch-size", "1");
      String good = Files.readString(home.resolve("config/jobs/invoices/extract.sql"));
      night.write(
          "extract.sql",
          "select invoice_no, vendor, description, amount, received_on, 1 / (case when invoice_no = 'INV-15' then id0 else 1 end) as x from (select i.*, 0 as id0 from invoices i) j");
      night.start();
      night.fixture().extract(InvoiceNight.JOB, Map.of("due", NightFixture.DUE, "limit", 20));
      assertThat(night.mails())
          .singleElement()
          .asString()
          .contains("is paused: its extract failed")
          .doesNotContain("Nothing was sent");
      night.resume().submit().minutes(31).poll().collect();
      assertThat(night.count("invoices where loads = 1")).as("full batches").isPositive();

      night.write("extract.sql", good).restart().resume().expireLeases();
      extractAgain(night);
      night.submit().untilDone();
      assertThat(night.count("caravan_record")).isEqualTo(20);
      assertThat(night.count("invoices where loads = 1")).isEqualTo(20);
    }
  }

  /** As the process does that takes an unfinished run up. */
  private static void extractAgain(InvoiceNight night) {
    NightFixture fixture = night.fixture();
    fixture.extract(InvoiceNight.JOB, Map.of("run", fixture.ledger().runs.unfinished().get(0)));
  }
}
