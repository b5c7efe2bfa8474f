package dev.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.simulator.Endpoint;
import dev.caravan.simulator.Fault;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** An API that says "not now" is asked again no earlier than it says, and never paid twice. */
@Tag("faults")
class RetryAfterTest {
  private static final int MINUTES = 20;

  @TempDir Path home;

  private static Fault notNow(Endpoint at, int status, @Nullable Integer seconds) {
    String ramp = status == 429 ? "ramp_limit_exceeded" : null;
    return new Fault.Refuse(at, status, null, null, ramp, seconds, false);
  }

  private static long calls(InvoiceNight night, Endpoint endpoint) {
    return night.simulator().books().calls().getOrDefault(endpoint, 0L);
  }

  /** Ticks every minute for a minute less than was asked: nothing calls; then it goes on. */
  private static void waits(InvoiceNight night, Endpoint endpoint) {
    long before = calls(night, endpoint);
    for (int i = 1; i < MINUTES; i++) {
      night.minutes(1).tick();
    }
    assertThat(calls(night, endpoint)).as(endpoint + " before retry-after").isEqualTo(before);
    night.minutes(1).tick();
    assertThat(calls(night, endpoint)).as(endpoint + " after it").isGreaterThan(before);
  }

  @EachDatabase({DatabaseVendor.POSTGRESQL, DatabaseVendor.MARIADB})
  void isHeededByEveryCall(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).start()) {
      for (int status : new int[] {429, 503, 529}) {
        if (status == 429) {
          night.simulator().faults(notNow(Endpoint.CREATE, status, MINUTES * 60));
          waits(night.more(10), Endpoint.CREATE);
          night.untilDone();
        }
        night.simulator().faults(notNow(Endpoint.LIST, status, MINUTES * 60));
        waits(night.more(10), Endpoint.LIST);
        night.untilDone();
        night.simulator().faults(notNow(Endpoint.RETRIEVE, status, MINUTES * 60));
        waits(night.more(10).minutes(6).poll(), Endpoint.RETRIEVE);
        night.untilDone();
        night.simulator().faults(notNow(Endpoint.RESULTS, status, MINUTES * 60));
        waits(night.more(10).minutes(6).poll().collect(), Endpoint.RESULTS);
        night.untilDone();
        FaultTable.tried("HTTP " + status + " with retry-after, at every call", night);
      }
      assertThat(night.accepted()).isEqualTo(1 + 3 * 3);
      assertThat(night.count("invoices where loads <> 1")).isZero();
    }
  }

  @EachDatabase(DatabaseVendor.MARIADB)
  void isHeededWhileInDoubtAndThatLookDoesNotCount(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).start()) {
      night.simulator().faults(new Fault.CutAfter(Endpoint.CREATE));
      night.more(10);
      night.simulator().faults(notNow(Endpoint.LIST, 429, MINUTES * 60));
      waits(night.poll(), Endpoint.LIST);
      night.untilDone();
      assertThat(night.accepted()).isEqualTo(1);
      FaultTable.tried("HTTP 429 with retry-after, while in doubt", night);
    }
  }

  @EachDatabase(DatabaseVendor.MARIADB)
  void whenItIsMissingCallsAreMadeAgainAfterAWhile(TestDatabase database) throws Exception {
    try (InvoiceNight night =
        InvoiceNight.in(home, database).set("retry.backoff", "1m×2≤30m").start()) {
      int batches = 0;
      for (int status : new int[] {429, 503, 529}) {
        for (Endpoint endpoint :
            new Endpoint[] {Endpoint.CREATE, Endpoint.LIST, Endpoint.RETRIEVE, Endpoint.RESULTS}) {
          night.simulator().fault(notNow(endpoint, status, null), 0, 2);
          night.more(10).untilDone(Duration.ofMinutes(2));
          assertThat(night.accepted()).as(status + " at " + endpoint).isEqualTo(++batches);
        }
        FaultTable.tried("HTTP " + status + " without retry-after, at every call", night);
      }
      assertThat(night.count("invoices where loads <> 1")).isZero();
    }
  }

  /** A 5xx proves nothing: what was accepted all the same is found, not sent again. */
  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void aBurstOfServerErrorsWithABatchBehindOneOfThemIsPaidOnce(TestDatabase database)
      throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).start()) {
      for (int status : new int[] {500, 503, 504, 529}) {
        long before = night.accepted();
        night
            .simulator()
            .faults(new Fault.Refuse(Endpoint.CREATE, status, null, null, null, 5, true));
        night.more(10).untilDone(Duration.ofMinutes(1));
        assertThat(night.accepted()).isEqualTo(before + 1);
        FaultTable.tried("HTTP 5xx at create, accepted all the same", night);
      }
    }
  }
}
