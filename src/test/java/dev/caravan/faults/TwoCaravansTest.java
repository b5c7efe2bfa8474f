package dev.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.simulator.Endpoint;
import dev.caravan.simulator.Fault;
import dev.caravan.submit.Doubts;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.NightFixture;
import dev.caravan.testing.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** Two Caravans on one ledger and one spool look, submit and collect at the same moment. */
@Tag("faults")
class TwoCaravansTest {
  private static final List<String> TICK =
      List.of("direct:poll", "direct:collect", "direct:resend", "direct:submit");

  @TempDir Path home;

  @EachDatabase({DatabaseVendor.POSTGRESQL, DatabaseVendor.MARIADB})
  void sendEachRecordOnceWhileAnswersAreLost(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).property("max-requests=8").start()) {
      NightFixture other = night.fixture().another().start();
      try {
        int accepted = 0;
        for (Fault loss :
            List.of(
                new Fault.CutAfter(Endpoint.CREATE),
                new Fault.CutBefore(Endpoint.CREATE),
                new Fault.AcceptLate(Duration.ofMinutes(5)))) {
          int from = (int) night.count("invoices") + 1;
          night.invoices(from, from + 19).extract();
          night.simulator().faults(loss);
          for (int i = 0; i < 60 && unfinished(night); i++) {
            night.minutes(1);
            atOnce(night.fixture(), other);
          }
          assertThat(unfinished(night)).isFalse();
          accepted += 3;
          assertThat(night.accepted()).as(loss.toString()).isEqualTo(accepted);
          FaultTable.tried("two Caravans at once, an answer to create lost", night);
        }
        assertThat(night.count("invoices where loads <> 1")).isZero();
      } finally {
        other.stop();
      }
    }
  }

  /** 529 on every create for two hours and a half, one of which took the batch. */
  @EachDatabase({DatabaseVendor.POSTGRESQL, DatabaseVendor.MARIADB})
  void rejectNothingAndTellOnceWhenTheApiIsOverloaded(TestDatabase database) throws Exception {
    try (InvoiceNight night =
        InvoiceNight.in(home, database).set("retry.backoff", "1m×2≤30m").invoices(1, 20).start()) {
      NightFixture other = night.fixture().another().start();
      try {
        Fault overloaded = Fault.refuse(Endpoint.CREATE, 529);
        night
            .simulator()
            .fault(overloaded, 0, 7)
            .faults(new Fault.Refuse(Endpoint.CREATE, 529, null, null, null, null, true))
            .fault(overloaded, 0, 1000);
        night.extract();
        for (int i = 0; i < 60 && unfinished(night); i++) {
          night.minutes(5);
          atOnce(night.fixture(), other);
        }
        assertThat(unfinished(night)).isFalse();
        assertThat(night.accepted()).isEqualTo(1);
        assertThat(night.count("invoices where loads <> 1")).isZero();
        assertThat(night.mails()).filteredOn(m -> m.contains("has accepted no batch")).hasSize(1);
        assertThat(night.count("caravan_request where outcome = 'rejected'")).isZero();
        FaultTable.tried("two Caravans, and an API that is overloaded for hours", night);
      } finally {
        other.stop();
      }
    }
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void makeEachLookAtADoubtOnce(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 3).start()) {
      NightFixture other = night.fixture().another().start();
      try {
        night.simulator().faults(new Fault.AcceptLate(Duration.ofMinutes(8)));
        night.extract().submit();
        String nonce = night.newest().nonce();
        for (int minute = 0; minute < 8; minute++) {
          // both have listed the nonce as due before either of them looks
          for (NightFixture caravan : List.of(night.fixture(), other)) {
            caravan.application().bean("doubts", Doubts.class).look(nonce);
          }
          night.minutes(1);
        }
        assertThat(night.states()).containsExactly("doubt");
        night.untilDone(Duration.ofMinutes(1));
        assertThat(night.accepted()).isEqualTo(1);
        FaultTable.tried("two Caravans look at one doubt", night);
      } finally {
        other.stop();
      }
    }
  }

  private static boolean unfinished(InvoiceNight night) {
    return night.count("caravan_run where state <> 'ended'") > 0;
  }

  private static void atOnce(NightFixture one, NightFixture two) {
    CyclicBarrier together = new CyclicBarrier(2);
    CompletableFuture<Void> other = CompletableFuture.runAsync(() -> tick(two, together));
    tick(one, together);
    other.join();
  }

  private static void tick(NightFixture caravan, CyclicBarrier together) {
    try {
      for (String route : TICK) {
        together.await();
        Exception failure = caravan.application().call(route, Map.of()).getException();
        if (failure != null) {
          throw new IllegalStateException(route, failure);
        }
      }
    } catch (InterruptedException | java.util.concurrent.BrokenBarrierException e) {
      throw new IllegalStateException(e);
    }
  }
}
