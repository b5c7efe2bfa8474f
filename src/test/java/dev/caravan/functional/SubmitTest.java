package dev.caravan.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.simulator.Endpoint;
import dev.caravan.simulator.Fault;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/** What the answer to a create POST proves, and what follows from each proof (R3). */
class SubmitTest {
  @TempDir Path home;

  private InvoiceNight extracted(TestDatabase database) throws Exception {
    return InvoiceNight.in(home, database).invoices(1, 4).start().extract();
  }

  private static void done(InvoiceNight night, int batches) {
    night.untilDone();
    assertThat(night.accepted()).isEqualTo(batches);
    assertThat(night.count("invoices where loads = 1")).isEqualTo(4);
    assertThat(night.count("caravan_request where attempt > 1")).isZero();
  }

  @EachDatabase(DatabaseVendor.H2)
  void aRefusalForTheKeyOrTheAccountPausesTheJob(TestDatabase database) throws Exception {
    try (InvoiceNight night = extracted(database)) {
      for (Fault refusal :
          new Fault[] {
            Fault.refuse(Endpoint.CREATE, 401),
            Fault.refuse(Endpoint.CREATE, 402),
            Fault.refuse(Endpoint.CREATE, 403),
            Fault.spendCap(Endpoint.CREATE),
            Fault.spendLimit(Endpoint.CREATE),
            Fault.refuse(Endpoint.LIST, 401)
          }) {
        night.simulator().clearFaults().faults(refusal);
        night.submit();
        assertThat(night.pause()).as(refusal.toString()).isNotEmpty();
        assertThat(night.states()).as(refusal.toString()).containsExactly("ready");
        night.submit();
        assertThat(night.accepted()).isZero();
        night.resume();
      }
      done(night.submit(), 1);
    }
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void tooManyRequestsWaitsAsLongAsAsked(TestDatabase database) throws Exception {
    try (InvoiceNight night = extracted(database)) {
      night.simulator().faults(Fault.refuse(Endpoint.CREATE, 429, 600));
      night.submit();
      night.minutes(9).submit();
      assertThat(night.states()).containsExactly("ready");
      night.minutes(2).submit();
      assertThat(night.states()).containsExactly("in_progress");
      done(night, 1);
    }
  }

  @EachDatabase
  void theRequestThatTheApiNamesIsRejectedAndTheOthersGo(TestDatabase database) throws Exception {
    try (InvoiceNight night = extracted(database)) {
      night
          .simulator()
          .faults(
              new Fault.Refuse(
                  Endpoint.CREATE, 400, null, "requests.2.params: no good", null, null, false));
      night.submit().untilDone();
      assertThat(night.outcome("INV-3")).isEqualTo("rejected refused_by_api");
      assertThat(night.count("invoices where loads = 1")).isEqualTo(3);
      assertThat(night.accepted()).isEqualTo(1);
      assertThat(night.count("caravan_request where attempt > 1")).isZero();
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void aNamedRequestThatIsNotThereStopsTheJobInsteadOfALoop(TestDatabase database)
      throws Exception {
    try (InvoiceNight night = extracted(database)) {
      night
          .simulator()
          .fault(
              new Fault.Refuse(Endpoint.CREATE, 400, null, "requests.9: what", null, null, false),
              0,
              100);
      night.submit().minutes(1).tick().minutes(1).tick();
      assertThat(night.pause()).contains("requests.9");
      assertThat(night.simulator().books().calls()).containsEntry(Endpoint.CREATE, 1L);
      night.simulator().clearFaults();
      done(night.resume(), 1);
    }
  }

  /** One fault that all of them share, named of the first one each time. */
  @EachDatabase
  void aFaultThatAllRequestsSharePausesTheJobAfterAFew(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 25).start().extract()) {
      night
          .simulator()
          .fault(
              new Fault.Refuse(
                  Endpoint.CREATE, 400, null, "requests.0.params: no such tool", null, null, false),
              0,
              1000);
      for (int i = 0; i < 40; i++) {
        night.minutes(1).tick();
      }
      assertThat(night.pause()).contains("no such tool", "in a row");
      assertThat(night.simulator().books().calls()).containsEntry(Endpoint.CREATE, 4L);
      assertThat(night.count("caravan_record where cause = 'refused_by_api'")).isEqualTo(3);
      assertThat(night.mails()).anyMatch(subject -> subject.contains("is paused"));
      night.simulator().clearFaults();
      night.resume().untilDone();
      assertThat(night.count("invoices where loads = 1")).isEqualTo(22);
      assertThat(night.accepted()).isEqualTo(1);
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void aRefusalThatNamesAnImpossiblePlaceIsHeldAndTold(TestDatabase database) throws Exception {
    try (InvoiceNight night = extracted(database)) {
      night
          .simulator()
          .faults(
              new Fault.Refuse(
                  Endpoint.CREATE, 400, null, "requests.99999999999: no", null, null, false));
      night.submit();
      assertThat(night.states()).containsExactly("held");
      assertThat(night.mails()).anyMatch(subject -> subject.contains("held"));
      assertThat(night.adopt("none")).isEmpty();
      done(night, 1);
    }
  }

  /** What stands before the API gives up waiting for it, though it takes the batch. */
  @EachDatabase(DatabaseVendor.H2)
  void aTimeOutOfAGatewayIsDoubtThoughItHasARequestId(TestDatabase database) throws Exception {
    try (InvoiceNight night = extracted(database)) {
      for (int status : new int[] {408, 409, 425, 499}) {
        night
            .simulator()
            .faults(new Fault.Refuse(Endpoint.CREATE, status, null, null, null, null, true));
      }
      night.submit();
      assertThat(night.states()).containsExactly("doubt");
      done(night, 1);
    }
  }

  @EachDatabase(DatabaseVendor.MARIADB)
  void aBodyThatIsTooLargeIsSentInHalves(TestDatabase database) throws Exception {
    try (InvoiceNight night = extracted(database)) {
      night.simulator().faults(Fault.refuse(Endpoint.CREATE, 413));
      night.submit();
      done(night, 2);
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void aSingleRequestThatIsTooLargeIsRejectedInsteadOfALoop(TestDatabase database)
      throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 1).start().extract()) {
      night.simulator().fault(Fault.refuse(Endpoint.CREATE, 413), 0, 100);
      night.submit().untilDone();
      assertThat(night.outcome("INV-1")).isEqualTo("rejected refused_by_api");
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void anotherRefusalIsHeldForAPersonAndBlocksNoOtherBatch(TestDatabase database) throws Exception {
    try (InvoiceNight night =
        InvoiceNight.in(home, database).property("max-requests=2").invoices(1, 4).start()) {
      night.simulator().faults(Fault.refuse(Endpoint.CREATE, 404));
      night.extract().submit();
      assertThat(night.states()).containsExactlyInAnyOrder("held", "in_progress");
      assertThat(night.mails()).anyMatch(subject -> subject.contains("held"));
    }
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void aConnectionThatIsNeverMadeProvesThatNothingWasSent(TestDatabase database) throws Exception {
    try (InvoiceNight night = extracted(database)) {
      night.fixture().stop();
      String url = night.simulator().baseUrl();
      night.set("anthropic.base-url", "http://127.0.0.1:9").start().submit();
      assertThat(night.states()).containsExactly("ready");
      assertThat(night.count("caravan_batch where cause = 'unreachable'")).isEqualTo(1);
      night.fixture().stop();
      night.set("anthropic.base-url", url).start().minutes(1);
      done(night.submit(), 1);
    }
  }

  @EachDatabase
  void whatOneProcessIsPostingIsNeverMadeReadyByAnother(TestDatabase database) throws Exception {
    try (InvoiceNight night = extracted(database)) {
      var nonce =
          String.valueOf(night.fixture().row("select nonce from caravan_batch").get("nonce"));
      database.execute(
          "update caravan_batch set state = 'submitting', doubt_count = 4, owner = 'other',"
              + " post_began_at = timestamp '2026-11-20 23:00:00',"
              + " lease_until = timestamp '2199-01-01 00:00:00'");
      night.simulator().faults(Fault.refuse(Endpoint.LIST, 429, 1));
      for (int i = 0; i < 2; i++) {
        night
            .fixture()
            .application()
            .context()
            .createProducerTemplate()
            .sendBody("direct:submit-batch", nonce);
        assertThat(night.states()).containsExactly("submitting");
      }
      assertThat(night.accepted()).isZero();
      database.execute("update caravan_batch set state = 'ready', doubt_count = null");
      done(night.submit(), 1);
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void aSpoolFileThatIsGoneRejectsItsRecordsAndNothingElse(TestDatabase database) throws Exception {
    try (InvoiceNight night = extracted(database)) {
      try (Stream<Path> files = Files.walk(home.resolve("data/spool"))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".requests.jsonl")).toList()) {
          Files.delete(file);
        }
      }
      night.submit().untilDone();
      assertThat(night.count("caravan_record where cause = 'request_missing'")).isEqualTo(4);
      assertThat(night.accepted()).isZero();
    }
  }

  /** A database that was away for a minute: no lease was renewed, but the POST went on. */
  @EachDatabase
  void whoPostsKeepsItsBatchHoweverManyRenewalsItMissed(TestDatabase database) throws Exception {
    try (InvoiceNight night = extracted(database)) {
      database.execute(
          "update caravan_batch set state = 'submitting', owner = '%s',"
                  .formatted(night.fixture().ledger().nodes.own())
              + " lease_until = timestamp '2020-01-01 00:00:00'");
      night.fixture().ledger().leases.renew();
      assertThat(night.count("caravan_batch where lease_until > timestamp '2026-01-01 00:00:00'"))
          .isEqualTo(1);
    }
  }

  /** A volume that is not mounted for a moment: an empty folder is in its place. */
  @EachDatabase(DatabaseVendor.H2)
  void aSpoolThatIsAwayRejectsNothing(TestDatabase database) throws Exception {
    try (InvoiceNight night = extracted(database)) {
      Path spool = home.resolve("data/spool");
      Path away = home.resolve("data/elsewhere");
      Files.move(spool, away);
      Files.createDirectory(spool);
      night.submit();
      night.fixture().call("direct:resend");
      assertThat(night.states()).containsExactly("ready");
      assertThat(night.count("caravan_request where outcome is not null")).isZero();

      Files.delete(spool);
      Files.move(away, spool);
      night.minutes(6);
      done(night.submit(), 1);
    }
  }
}
