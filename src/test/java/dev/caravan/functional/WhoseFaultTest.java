package dev.caravan.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.api.Trigger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/** Whose fault a failed load is: found by trial, whatever the database calls it. */
class WhoseFaultTest {
  @TempDir Path home;

  /** Refuses the invoices whose number ends so; PostgreSQL and MariaDB have SQL for it. */
  public static final class Rule implements Trigger {
    private static final AtomicInteger CALLS = new AtomicInteger();
    private String end = "";

    @Override
    public void init(
        Connection connection,
        String schema,
        String trigger,
        String table,
        boolean before,
        int type) {
      end = trigger.substring("RULE".length());
    }

    @Override
    public void fire(Connection connection, Object @Nullable [] old, Object @Nullable [] row)
        throws SQLException {
      CALLS.incrementAndGet();
      if (row != null && String.valueOf(row[0]).endsWith(end)) {
        throw new SQLException("business rule: not allowed", "45000");
      }
    }
  }

  private static void refuse(TestDatabase database, String end) {
    switch (database.vendor()) {
      case H2 ->
          database.execute(
              "create trigger rule%s before update on invoices for each row call '%s'"
                  .formatted(end, Rule.class.getName()));
      case POSTGRESQL ->
          database.execute(
              "create sequence calls",
              "create function rule() returns trigger language plpgsql as $$ begin"
                  + " perform nextval('calls');"
                  + " if new.invoice_no like '%"
                  + end
                  + "' then raise exception 'business rule: not allowed'; end if;"
                  + " return new; end $$",
              "create trigger rule before update on invoices for each row execute function rule()");
      case MARIADB ->
          database.execute(
              "create trigger rule before update on invoices for each row begin"
                  + " if new.invoice_no like '%"
                  + end
                  + "' then signal sqlstate '45000' set message_text = 'business rule: not"
                  + " allowed'; end if; end");
    }
  }

  private static InvoiceNight ended(InvoiceNight night, int invoices) {
    return night.invoices(1, invoices).start().extract().submit().minutes(6).poll();
  }

  private static void pausedWithNothingRejected(InvoiceNight night) {
    assertThat(night.pause()).startsWith("load: ");
    assertThat(night.states()).containsExactly("ended");
    assertThat(night.count("caravan_request where outcome is not null")).isZero();
    assertThat(night.count("invoices where loads > 0")).isZero();
  }

  @EachDatabase
  void aTriggerThatRefusesSomeRowsRejectsTheseInItsOwnWords(TestDatabase database)
      throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database)) {
      refuse(database, "7");
      ended(night, 20).collect();
      assertThat(night.count("invoices where loads = 1")).isEqualTo(18);
      assertThat(night.outcome("INV-7")).isEqualTo("rejected load_failed");
      assertThat(night.outcome("INV-17")).isEqualTo("rejected load_failed");
      assertThat(night.count("caravan_record where detail like '%business rule: not allowed%'"))
          .isEqualTo(2);
      assertThat(night.pause()).isEmpty();
      assertThat(night.states()).containsExactly("collected");
    }
  }

  @EachDatabase
  void whatFailsForEveryRecordTriedPausesTheJobAfterAHandfulOfTries(TestDatabase database)
      throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database)) {
      refuse(database, "");
      ended(night, 60).collect();
      pausedWithNothingRejected(night);
      assertThat(night.pause()).contains("business rule: not allowed");
      if (database.vendor() == DatabaseVendor.POSTGRESQL) {
        assertThat(database.count("select last_value from calls")).isLessThanOrEqualTo(12);
      }
      database.execute(
          "drop trigger rule"
              + (database.vendor() == DatabaseVendor.POSTGRESQL ? " on invoices" : ""));
      night.resume().untilDone();
      assertThat(night.count("invoices where loads = 1")).isEqualTo(60);
    }
  }

  @EachDatabase
  void aLoneRecordThatATriggerRefusesIsRejected(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database)) {
      refuse(database, "1");
      ended(night, 1).collect();
      assertThat(night.outcome("INV-1")).isEqualTo("rejected load_failed");
      assertThat(night.pause()).isEmpty();
    }
  }

  @EachDatabase
  void chunksThatFailWholeAreToBlameWhereOthersOfTheRunWereLoaded(TestDatabase database)
      throws Exception {
    try (InvoiceNight night =
        InvoiceNight.in(home, database, o -> o.withShuffled(false))
            .set("load.chunk", "2")
            .set("load.workers", "1")) {
      String large =
          "{\"department\":\"IT\",\"amount\":99999999999999,\"summary\":\"s\",\"approval_required\":false}";
      night.simulator().answers("INV-[56]$", large);
      ended(night, 6).collect();
      assertThat(night.pause()).isEmpty();
      assertThat(night.outcome("INV-5")).isEqualTo("rejected load_failed");
      assertThat(night.count("invoices where loads = 1")).isEqualTo(4);
    }
  }

  @EachDatabase
  void aStepOfTheLoadRouteThatFailsForOneRecordCostsThatRecord(TestDatabase database)
      throws Exception {
    String step =
        """
        - bean:
            id: invoices-load-sql
            ref: loadSql
            method: execute
        - split:
            id: each
            shareUnitOfWork: true
            stopOnException: true
            expression:
              simple:
                expression: ${body}
            steps:
              - filter:
                  id: third
                  simple:
                    expression: ${body[key_invoice_no]} == 'INV-3'
                  steps:
                    - throwException:
                        id: broken
                        exceptionType: java.lang.IllegalStateException
                        message: no department of that name
        """;
    try (InvoiceNight night = InvoiceNight.in(home, database).loadRoute(step)) {
      ended(night, 8).collect();
      assertThat(night.outcome("INV-3")).isEqualTo("rejected load_failed");
      assertThat(night.count("invoices where loads = 1")).isEqualTo(7);
    }
  }

  @EachDatabase
  void aParameterThatNothingFillsPausesTheJob(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database)) {
      Path file = home.resolve("config/jobs/invoices/load.sql");
      night.write("load.sql", Files.readString(file).replace(":department", ":departement"));
      ended(night, 1).collect();
      pausedWithNothingRejected(night);
      assertThat(night.pause()).contains("no value for :departement");
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void aProcessThatStopsPausesNoJob(TestDatabase database) throws Exception {
    String refused =
        """
        - throwException:
            id: stopping
            exceptionType: java.util.concurrent.RejectedExecutionException
            message: Task is rejected
        """;
    try (InvoiceNight night = InvoiceNight.in(home, database).loadRoute(refused)) {
      ended(night, 3).collect();
      assertThat(night.pause()).isEmpty();
      assertThat(night.states()).containsExactly("ended");
      assertThat(night.count("caravan_request where outcome is not null")).isZero();
      assertThat(night.newest().detail()).isEqualTo("this process stops");
    }
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void aConstraintCheckedAtCommitCostsTheRowThatBreaksIt(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database)) {
      database.execute(
          "create table departments(name varchar(60) primary key)",
          "insert into departments values ('IT')",
          "alter table invoices add foreign key (department) references departments"
              + " deferrable initially deferred");
      String answer =
          "{\"department\":\"%s\",\"amount\":1,\"summary\":\"s\",\"approval_required\":false}";
      night
          .simulator()
          .answers("INV-", answer.formatted("IT"))
          .answers("INV-2$", answer.formatted("Marketing"));
      ended(night, 5).collect();
      assertThat(night.outcome("INV-2")).isEqualTo("rejected load_failed");
      assertThat(night.count("invoices where loads = 1")).isEqualTo(4);
    }
  }

  @EachDatabase({DatabaseVendor.POSTGRESQL, DatabaseVendor.MARIADB})
  void anInsertThatDidNothingIsNotTakenForLoaded(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).withoutRules()) {
      boolean postgres = database.vendor() == DatabaseVendor.POSTGRESQL;
      database.execute(
          "create table answers(invoice_no varchar(60) primary key, department varchar(60))",
          "insert into answers values ('INV-2', 'kept')");
      night.write(
          "load.sql",
          "delete from answers where invoice_no = :key_invoice_no and department = 'old';\n"
              + (postgres
                  ? "insert into answers values (:key_invoice_no, :department) on conflict do"
                      + " nothing"
                  : "insert ignore into answers values (:key_invoice_no, :department)"));
      ended(night, 4).collect();
      assertThat(night.outcome("INV-2")).isEqualTo("rejected not_loaded");
      assertThat(night.count("answers")).isEqualTo(4);
      assertThat(night.count("caravan_record where outcome = 'completed'")).isEqualTo(3);
      assertThat(
              night.count(
                  "caravan_record where detail like '%load.sql:2: the INSERT changed no row%'"))
          .isEqualTo(1);
    }
  }

  @EachDatabase
  void aNumberThatNoColumnHoldsIsItsRecordsFault(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database)) {
      String answer =
          "{\"department\":\"IT\",\"amount\":%s,\"summary\":\"s\",\"approval_required\":false}";
      String[] amounts = {"1e200000", "-1e999999999", "1e-999999999", "1e300", "0e-999999999"};
      for (int i = 0; i < amounts.length; i++) {
        night.simulator().answers("INV-" + (i + 1) + "$", answer.formatted(amounts[i]));
      }
      ended(night, 6).collect();
      assertThat(night.count("caravan_record where cause = 'load_failed'")).isEqualTo(4);
      assertThat(night.count("caravan_record where detail like 'amount: the number %'"))
          .isEqualTo(3);
      assertThat(night.outcome("INV-5")).isEqualTo("completed");
      assertThat(night.outcome("INV-6")).isEqualTo("completed");
      assertThat(night.pause()).isEmpty();
    }
  }
}
