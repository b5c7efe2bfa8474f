package dev.caravan.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.batch.Run;
import dev.caravan.ledger.Ledger;
import dev.caravan.ledger.Runs;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.NightFixture;
import dev.caravan.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.io.TempDir;

/** What a pass over the source counts, whom it is about, and how it ends. */
class PassTest {
  @TempDir Path home;

  /** As if its process had died before the extract was told to be complete. */
  private static Run backInExtract(InvoiceNight night) {
    night.database().execute("update caravan_run set state = 'extracting', lease_until = null");
    return night.fixture().ledger().runs.newest(InvoiceNight.JOB).orElseThrow();
  }

  @EachDatabase(DatabaseVendor.H2)
  void rowsAreThoseOfOnePassHoweverOftenItBegins(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 20).start()) {
      night.set("extract.chunk", "5").set("extract.workers", "1").restart().extract();
      night.fixture().extract(InvoiceNight.JOB, Map.of("run", backInExtract(night)));
      assertThat(night.fixture().row("select pass, rows_read from caravan_run"))
          .containsEntry("pass", 2)
          .containsEntry("rows_read", 20L);
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void aPassThatNeedsNothingMoreKeepsTheRowsOfTheOneBefore(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 20).start()) {
      night.fixture().extract(InvoiceNight.JOB, Map.of("due", NightFixture.DUE, "limit", 3));
      night.fixture().extract(InvoiceNight.JOB, Map.of("run", backInExtract(night)));
      assertThat(night.fixture().row("select state, pass, rows_read from caravan_run"))
          .containsEntry("state", "open")
          .containsEntry("pass", 2)
          .containsEntry("rows_read", 3L);
      assertThat(night.count("caravan_request")).isEqualTo(3);
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void aRouteThatStopsHalfWayPausesItsJobAndSaysSo(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 3)) {
      Path file = home.resolve("routes/jobs/invoices.camel.yaml");
      String rows = "        - to:\n            id: invoices-rows";
      Files.writeString(
          file,
          Files.readString(file).replace(rows, "        - stop:\n            id: early\n" + rows));
      night.start().fire();
      assertThat(night.pause()).contains("route invoices-submit ended before all rows were read");
      assertThat(night.fixture().row("select state, lease_until from caravan_run"))
          .containsEntry("state", "extracting");
    }
  }

  @EachDatabase
  void aRunOfCertainRecordsReadsNoOthersWhereverItsSpoolIs(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 4).start()) {
      night.extract().submit().untilDone().withoutRules();
      database.execute(
          "update caravan_request set outcome = 'rejected', cause = 'refusal' where record_key ="
              + " 'INV-1'",
          "update invoices set processed_at = null");
      night.invoices(5, 6).minutes(1);
      String hash =
          String.valueOf(
              night
                  .fixture()
                  .row("select key_hash from caravan_record where record_key = 'INV-1'")
                  .get("key_hash"));
      night.fixture().ledger().jobs.pause(InvoiceNight.JOB, "a person paused it");
      night
          .fixture()
          .extract(
              InvoiceNight.JOB,
              Map.of("due", night.fixture().clock().instant(), "only", Set.of(hash)));
      database.execute("update caravan_run set lease_until = null where state = 'extracting'");
      night.resume();
      night.set("spool.dir", home.resolve("elsewhere").toString()).restart();
      Run waiting = night.fixture().ledger().runs.abandoned().get(0);
      assertThat(waiting.asked()).isTrue();
      night.fixture().extract(InvoiceNight.JOB, Map.of("run", waiting));
      assertThat(night.count("caravan_request where run_id = " + waiting.id())).isEqualTo(1);
      assertThat(night.count("caravan_asked")).isZero();
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void aRunOfCertainRecordsThatNobodyCanNameWaitsAndReadsNothing(TestDatabase database)
      throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 4).start()) {
      night.fixture().extract(InvoiceNight.JOB, Map.of("due", NightFixture.DUE, "limit", 1));
      database.execute(
          "delete from caravan_request",
          "delete from caravan_batch",
          "update caravan_run set asked = true");
      night.fixture().extract(InvoiceNight.JOB, Map.of("run", backInExtract(night)));
      assertThat(night.count("caravan_request")).isZero();
      assertThat(night.pause()).isEmpty();
      assertThat(String.valueOf(night.fixture().row("select error from caravan_run").get("error")))
          .contains("is about records that a person asked for", "spool.dir mounted?");
      assertThat(night.mails()).anyMatch(mail -> mail.contains("waits for its spool folder"));
    }
  }

  @EachDatabase
  void aRunIsNotEndedWhileItsLastRecordIsBeingSentAgain(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 1).start()) {
      night.extract().withoutRules();
      database.execute("update caravan_request set outcome = 'completed', open_key = null");
      Runs runs = night.fixture().ledger().runs;
      List<CompletableFuture<List<Run>>> ending = new ArrayList<>();
      Ledger ledger = night.fixture().ledger().ledger;
      ledger.inTransaction(
          () -> {
            // whoever opens requests of a run locks it first
            ledger.sql("select id from caravan_run for update").query().listOfRows();
            ending.add(CompletableFuture.supplyAsync(runs::endFinished));
            assertThatThrownBy(() -> ending.get(0).get(200, TimeUnit.MILLISECONDS))
                .isInstanceOf(TimeoutException.class);
            ledger.sql("update caravan_request set outcome = null").update();
          });
      assertThat(ending.get(0).get(10, TimeUnit.SECONDS)).isEmpty();
      assertThat(night.count("caravan_run where state = 'open'")).isEqualTo(1);
    }
  }
}
