package dev.caravan.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.batch.Batch;
import dev.caravan.ledger.Batches;
import dev.caravan.simulator.Endpoint;
import dev.caravan.simulator.Fault;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.io.TempDir;

/** A person's word is held against the results; what is held continues when it can. */
class AdoptionTest {
  @TempDir Path home;

  private static InvoiceNight ticks(InvoiceNight night, int times, int minutes) {
    for (int i = 0; i < times; i++) {
      night.minutes(minutes).tick();
    }
    return night;
  }

  /** Lost in fact, and a batch of another application has the same size. */
  @EachDatabase
  void aForeignBatchIsFollowedAndNothingIsTakenFromIt(TestDatabase database) throws Exception {
    try (InvoiceNight night =
        InvoiceNight.in(home, database, o -> o.withProcessing(Duration.ofHours(4)))
            .invoices(1, 5)
            .start()) {
      night.simulator().fault(Fault.refuse(Endpoint.LIST, 503), 1, 1000);
      night.simulator().faults(new Fault.CutAfter(Endpoint.CREATE));
      night.extract().submit();
      ticks(night, 26, 5);
      assertThat(night.states()).containsExactly("held");
      String foreign = night.simulator().foreignBatch(5);
      // the breaker has opened over the list
      night.minutes(1);
      assertThat(night.adopt(foreign)).isEmpty();
      ticks(night, 60, 5);
      assertThat(night.states()).containsExactly("held");
      assertThat(night.newest().cause()).isEqualTo("not_ours");
      assertThat(night.mails()).filteredOn(m -> m.contains("is not it")).hasSize(1);
      assertThat(night.simulator().books().calls())
          .containsEntry(Endpoint.CANCEL, 0L)
          .containsEntry(Endpoint.DELETE, 0L);
      assertThat(night.accepted()).isEqualTo(1);
      assertThat(night.count("caravan_request where outcome is not null")).isZero();

      // the real one is still looked for
      night.simulator().clearFaults();
      night.untilDone();
      assertThat(night.accepted()).isEqualTo(1);
      assertThat(night.count("invoices where loads = 1")).isEqualTo(5);
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void afterAForeignBatchNothingIsSentWithoutAPerson(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 5).start()) {
      night.simulator().fault(Fault.refuse(Endpoint.LIST, 503), 1, 1000);
      night.simulator().faults(new Fault.CutBefore(Endpoint.CREATE));
      night.extract().submit();
      ticks(night, 26, 5);
      String foreign = night.simulator().foreignBatch(5);
      night.simulator().clearFaults();
      night.minutes(1);
      assertThat(night.adopt(foreign)).isEmpty();
      ticks(night, 100, 20);
      assertThat(night.states()).containsExactly("held");
      assertThat(night.newest().nextLookAt()).as("looked for no longer after 26 h").isNull();
      assertThat(night.accepted()).isZero();
      assertThat(night.adopt("none")).isEmpty();
      night.untilDone();
      assertThat(night.accepted()).isEqualTo(1);
    }
  }

  /** An older version believed a person; the results say otherwise. */
  @EachDatabase
  void anIdThatAnotherNonceHasIsTakenFromIt(TestDatabase database) throws Exception {
    try (InvoiceNight night =
        InvoiceNight.in(home, database).property("max-requests=3").invoices(1, 3).start()) {
      night.simulator().faults(new Fault.CutAfter(Endpoint.CREATE));
      night.extract().submit();
      String ours = night.newest().nonce();
      String id = night.simulator().books().batches().get(0).id();
      database.execute(
          "insert into caravan_batch (nonce, run_id, job, state, spool, opened_at, requests, msgbatch_id,"
              + " created_at, next_look_at) values ('other234', 0, 'other', 'ended', 'x',"
              + " timestamp '2026-11-20 22:00:00', 3, '"
              + id
              + "', timestamp '2026-11-20 23:00:00', timestamp '2027-11-20 22:00:00')");
      // its id is known to the ledger, so the list does not make it a candidate: a person did
      night.fixture().ledger().candidates.followAgain(ours, id, Instant.EPOCH);
      night.minutes(2).poll();
      Batches batches = night.fixture().ledger().batches;
      assertThat(batches.get(ours).msgbatchId()).isEqualTo(id);
      assertThat(batches.get("other234").cause()).isEqualTo(Batch.NOT_OURS);
      database.execute("delete from caravan_batch where nonce = 'other234'");
      night.untilDone();
      assertThat(night.accepted()).isEqualTo(1);
    }
  }

  @EachDatabase
  void aCandidateThatIsDeletedStopsBeingOne(TestDatabase database) throws Exception {
    try (InvoiceNight night =
        InvoiceNight.in(home, database, o -> o.withProcessing(Duration.ofHours(9)))
            .invoices(1, 3)
            .start()) {
      night.simulator().faults(new Fault.CutBefore(Endpoint.CREATE));
      night.extract().submit();
      night.simulator().foreignBatch(3);
      night.minutes(1).poll();
      assertThat(night.count("caravan_candidate where state = 'open'")).isEqualTo(1);
      night.simulator().foreignBatch(7);
      database.execute("update caravan_candidate set msgbatch_id = 'msgbatch_gone'");
      database.execute("delete from caravan_candidate where msgbatch_id <> 'msgbatch_gone'");
      // the list shows the other one again; it ends, this one is gone for good
      ticks(night, 200, 5);
      assertThat(
              night.count(
                  "caravan_candidate where msgbatch_id = 'msgbatch_gone' and state = 'excluded'"))
          .isEqualTo(1);
      night.untilDone(Duration.ofMinutes(30));
      assertThat(night.accepted()).isEqualTo(1);
    }
  }

  @EachDatabase
  void aBatchThatWasNotFoundContinuesWhenTheKeyIsBack(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 3).start()) {
      night.extract().submit();
      night.simulator().fault(Fault.refuse(Endpoint.RETRIEVE, 404), 0, 1000);
      ticks(night, 12, 5);
      assertThat(night.states()).containsExactly("held");
      long looks = night.simulator().books().calls().getOrDefault(Endpoint.RETRIEVE, 0L);
      ticks(night, 36, 5);
      assertThat(night.simulator().books().calls().getOrDefault(Endpoint.RETRIEVE, 0L) - looks)
          .isBetween(2L, 3L);
      assertThat(night.mails()).filteredOn(m -> m.contains("is held")).hasSize(1);
      night.simulator().clearFaults();
      ticks(night, 13, 5);
      night.untilDone();
      assertThat(night.accepted()).isEqualTo(1);
      assertThat(night.count("invoices where loads = 1")).isEqualTo(3);
    }
  }

  /** A web page with HTTP 200 instead of the results, for hours (a proxy that wants a login). */
  @EachDatabase
  void resultsThatAreAWebPageAreNoResultsAndNothingIsPaidAgain(TestDatabase database)
      throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 6).start()) {
      night.simulator().fault(new Fault.WebPage(Endpoint.RESULTS), 0, 1000);
      night.extract().submit();
      ticks(night, 30, 10);
      assertThat(night.states()).containsExactly("held");
      assertThat(night.mails()).filteredOn(m -> m.contains("results are incomplete")).hasSize(1);
      assertThat(night.count("caravan_request where outcome is not null")).isZero();
      night.simulator().clearFaults();
      ticks(night, 7, 10);
      assertThat(night.count("invoices where loads = 1")).isEqualTo(6);
      assertThat(night.accepted()).isEqualTo(1);
      assertThat(night.count("caravan_request where cost_usd > 0")).isEqualTo(6);
    }
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void aWebPageOnceCostsAMinute(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 6).start()) {
      night.simulator().fault(new Fault.WebPage(Endpoint.RESULTS), 0, 1);
      night.extract().submit().minutes(6).tick().minutes(1).tick();
      assertThat(night.count("invoices where loads = 1")).isEqualTo(6);
      assertThat(night.states()).containsExactly("collected");
    }
  }

  @EachDatabase
  void answersThatAreGoneForGoodAreGivenUpByAPerson(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 6).start()) {
      night.extract().submit().minutes(6).poll();
      assertThat(night.adopt("none")).contains("has the results");
      night.simulator().fault(Fault.refuse(Endpoint.RESULTS, 503), 0, 1000);
      assertThat(night.adopt("none")).contains("not known");
      night.simulator().clearFaults().fault(Fault.refuse(Endpoint.RESULTS, 404), 0, 1000);
      ticks(night, 10, 5);
      assertThat(night.states()).containsExactly("ended");
      assertThat(night.adopt("none")).isEmpty();
      assertThat(night.count("caravan_request where detail like '%lost, though paid%'"))
          .isEqualTo(6);
      night.simulator().clearFaults();
      night.untilDone();
      assertThat(night.count("invoices where loads = 1")).isEqualTo(6);
      assertThat(night.accepted()).isEqualTo(2);
    }
  }
}
