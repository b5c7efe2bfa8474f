package dev.caravan.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** Answers reach the target exactly once, whatever fails (R4), and a bad one costs itself only. */
class LoadTest {
  @TempDir Path home;

  private static final String BEAN =
      """
      - bean:
          id: invoices-load-sql
          description: load.sql
          ref: loadSql
          method: execute
      """;

  private static final String BREAKS =
      """
      - throwException:
          id: invoices-load-breaks
          exceptionType: java.lang.IllegalStateException
          message: broken on purpose
      """;

  private InvoiceNight ended(InvoiceNight night) {
    return night.invoices(1, 5).start().extract().submit().minutes(6).poll();
  }

  private static void nothingChanged(InvoiceNight night) {
    assertThat(night.states()).containsExactly("ended");
    assertThat(night.count("invoices where loads > 0")).isZero();
    assertThat(night.count("caravan_request where outcome is not null")).isZero();
  }

  @EachDatabase
  void anExceptionAfterTheUpdateRollsEverythingBack(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).loadRoute(BEAN + BREAKS)) {
      ended(night).collect();
      nothingChanged(night);
      assertThat(night.pause()).contains("broken on purpose");
      assertThat(night.mails()).anyMatch(m -> m.contains("can't be loaded"));
      night.loadRoute(BEAN).restart().resume().untilDone();
      assertThat(night.count("invoices where loads = 1")).isEqualTo(5);
    }
  }

  @EachDatabase
  void anExceptionThatTheRouteHandledStillRollsBack(TestDatabase database) throws Exception {
    String caught =
        "- doTry:\n    id: t\n    steps:\n"
            + (BEAN + BREAKS).indent(6)
            + "    doCatch:\n      - id: c\n        exception:\n          - java.lang.Exception\n";
    try (InvoiceNight night = InvoiceNight.in(home, database).loadRoute(caught)) {
      ended(night).collect();
      nothingChanged(night);
    }
  }

  @EachDatabase
  void aLoadRouteWithTheSqlComponentJoinsTheTransaction(TestDatabase database) throws Exception {
    String sql =
        """
        - to:
            id: invoices-load-sql
            uri: sql
            parameters:
              query: "update invoices set loads = loads + 1, department = :#department, summary = :#summary where invoice_no = :#key_invoice_no"
              dataSource: "#bean:writer"
              batch: "true"
        """;
    try (InvoiceNight night = InvoiceNight.in(home, database).loadRoute(sql + BREAKS)) {
      ended(night).collect();
      nothingChanged(night);
      night.loadRoute(sql).restart().resume();
      night.database().execute("delete from invoices where invoice_no = 'INV-3'");
      night.untilDone();
      assertThat(night.count("invoices where loads = 1")).isEqualTo(4);
      assertThat(night.outcome("INV-3")).isEqualTo("rejected not_loaded");
    }
  }

  @EachDatabase
  void aValueThatTheTableRefusesRejectsThatRecordAlone(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database)) {
      String large =
          "{\"department\":\"IT\",\"amount\":99999999999999,\"summary\":\"s\",\"approval_required\":false}";
      night.simulator().answers("INV-2$", large).answers("INV-4$", large);
      ended(night).collect();
      assertThat(night.count("invoices where loads = 1")).isEqualTo(3);
      assertThat(night.outcome("INV-2")).isEqualTo("rejected load_failed");
      assertThat(night.count("caravan_record where cause = 'load_failed' and result_offset >= 0"))
          .isEqualTo(2);
      assertThat(night.states()).containsExactly("collected");
    }
  }

  @EachDatabase
  void anUpdateOfNoRowIsNotTakenForLoaded(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database)) {
      ended(night)
          .database()
          .execute("delete from invoices where invoice_no in ('INV-1', 'INV-5')");
      night.collect();
      assertThat(night.outcome("INV-1")).isEqualTo("rejected not_loaded");
      assertThat(night.outcome("INV-5")).isEqualTo("rejected not_loaded");
      assertThat(night.count("invoices where loads = 1")).isEqualTo(3);
    }
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void aRouteThatTakesAPartOfTheChunkHasTheRightRecordNamed(TestDatabase database)
      throws Exception {
    String tail =
        """
        - setBody:
            id: invoices-load-tail
            expression:
              simple:
                expression: ${skip(1)}
        """;
    // in order, so that INV-4 is not the one that is left out
    try (InvoiceNight night =
        InvoiceNight.in(home, database, o -> o.withShuffled(false)).loadRoute(tail + BEAN)) {
      ended(night.withoutRules())
          .database()
          .execute("delete from invoices where invoice_no = 'INV-4'");
      night.collect();
      assertThat(night.outcome("INV-4")).isEqualTo("rejected not_loaded");
      assertThat(night.count("caravan_record where outcome = 'rejected'")).isEqualTo(1);
    }
  }

  @EachDatabase
  void anUpdateOfSeveralRowsIsRejectedUnlessAllowed(TestDatabase database) throws Exception {
    String several =
        "update invoices set summary = :summary where invoice_no = :key_invoice_no or vendor ="
            + " 'twice' and :key_invoice_no = 'INV-1'";
    try (InvoiceNight night =
        InvoiceNight.in(home, database).withoutRules().write("load.sql", several)) {
      night.invoices(1, 2);
      database.execute("insert into invoices(invoice_no, vendor) values ('X', 'twice')");
      night.start().extract().submit().minutes(6).tick();
      assertThat(night.outcome("INV-1")).isEqualTo("rejected not_loaded");
      assertThat(night.outcome("INV-2")).isEqualTo("completed");
      night.property("load.several-rows=allow").restart();
      night.database().execute("update invoices set vendor = 'changed'");
      night.minutes(1).extract().untilDone();
      assertThat(night.outcome("INV-1")).isEqualTo("completed");
    }
  }

  @EachDatabase
  void aBrokenLoadSqlPausesTheJobAndRejectsNothing(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database)) {
      Path file = home.resolve("config/jobs/invoices/load.sql");
      String good = Files.readString(file);
      night.write("load.sql", good.replace("department", "departement"));
      ended(night).collect();
      nothingChanged(night);
      assertThat(night.pause()).startsWith("load: ");
      night.minutes(2).collect();
      nothingChanged(night);
      night.write("load.sql", good).restart().resume().untilDone();
      assertThat(night.count("invoices where loads = 1")).isEqualTo(5);
      assertThat(night.accepted()).isEqualTo(1);
    }
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void anAnswerIsAppliedOnceWhenTheProcessDiesBeforeTheBatchIsCollected(TestDatabase database)
      throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database)) {
      ended(night).collect();
      database.execute(
          "update caravan_batch set state = 'ended', collected_at = null",
          "update caravan_request set outcome = null, cost_usd = null, result_offset = null,"
              + " open_key = concat('invoices:', key_hash) where record_key = 'INV-5'",
          "update invoices set loads = 0 where invoice_no = 'INV-5'");
      night.restart().collect();
      assertThat(night.states()).containsExactly("collected");
      assertThat(night.count("invoices where loads = 1")).isEqualTo(5);
    }
  }

  @EachDatabase
  void hostileAnswersAreValuesAndNothingElse(TestDatabase database) throws Exception {
    String hostile =
        "{\"department\":\"it\",\"amount\":1.5,\"summary\":\"'); drop table invoices; --"
            + " <b>\\\"${x}</#if> \\u00e9 \\ud83d\\ude00\",\"approval_required\":true}";
    try (InvoiceNight night = InvoiceNight.in(home, database)) {
      night
          .simulator()
          .answers("INV-1$", hostile)
          .answers("INV-2$", hostile.replace("drop", "\\u0000"));
      ended(night).collect().tick();
      assertThat(
              database.query("select summary, department from invoices where invoice_no = 'INV-1'"))
          .singleElement()
          .satisfies(
              row -> {
                assertThat(row).containsEntry("department", "IT");
                assertThat(String.valueOf(row.get("summary")))
                    .isEqualTo("'); drop table invoices; -- <b>\"${x}</#if> é 😀");
              });
      // PostgreSQL takes no NUL
      boolean replaced = database.vendor() == DatabaseVendor.POSTGRESQL;
      assertThat(night.outcome("INV-2")).isEqualTo("completed");
      assertThat(
              String.valueOf(
                  database
                      .query("select summary from invoices where invoice_no = 'INV-2'")
                      .get(0)
                      .get("summary")))
          .contains(replaced ? "'); \uFFFD table" : "'); \u0000 table");
      assertThat(night.count("caravan_request where replaced = 1")).isEqualTo(replaced ? 1 : 0);
      assertThat(night.count("invoices where loads = 1")).isEqualTo(5);
      assertThat(night.states()).containsExactly("collected");
    }
  }
}
