package dev.caravan.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.simulator.Endpoint;
import dev.caravan.simulator.Fault;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.io.TempDir;

/** The Circuit Breaker of the calls that only read. */
class BreakerTest {
  @TempDir Path home;

  private static Fault[] failing(int times) {
    Fault[] faults = new Fault[times];
    Arrays.fill(faults, new Fault.Refuse(Endpoint.RETRIEVE, 503, null, null, null, null, false));
    return faults;
  }

  private static long looks(InvoiceNight night) {
    return night.simulator().books().calls().get(Endpoint.RETRIEVE);
  }

  /** Seven batches, so that seven looks are due at once. */
  private InvoiceNight sevenBatches(TestDatabase database) throws Exception {
    InvoiceNight night = InvoiceNight.in(home, database).property("max-requests=1").invoices(1, 7);
    night.start().extract();
    for (int i = 0; i < 7; i++) {
      night.submit().minutes(1);
    }
    assertThat(night.accepted()).isEqualTo(7);
    return night;
  }

  @EachDatabase(DatabaseVendor.H2)
  void afterFiveFailuresInARowTheApiIsLeftAlone(TestDatabase database) throws Exception {
    try (InvoiceNight night = sevenBatches(database)) {
      night.simulator().faults(failing(5));
      night.minutes(10).poll();
      assertThat(looks(night)).isEqualTo(5);
      assertThat(night.count("caravan_batch where state = 'in_progress'")).isEqualTo(7);
      night.fixture().ledger().nodes.live();
      night.untilDone();
      assertThat(night.count("invoices where loads = 1")).isEqualTo(7);
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void afterHalfAMinuteASingleCallTriesAndOpensItAgain(TestDatabase database) throws Exception {
    try (InvoiceNight night = sevenBatches(database)) {
      night.simulator().faults(failing(6));
      night.minutes(10).poll();
      assertThat(looks(night)).isEqualTo(5);
      night.advance(Duration.ofSeconds(20)).fixture().call("direct:submit");
      night.minutes(10).poll();
      assertThat(looks(night)).isEqualTo(6);
      night.minutes(10).poll();
      assertThat(looks(night)).isEqualTo(13);
      night.untilDone();
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void aRefusalIsAnAnswerAndOpensNothing(TestDatabase database) throws Exception {
    try (InvoiceNight night = sevenBatches(database)) {
      Fault[] limited = new Fault[7];
      Arrays.fill(limited, new Fault.Refuse(Endpoint.RETRIEVE, 429, null, null, null, 2, false));
      night.simulator().faults(limited);
      night.minutes(10).poll();
      assertThat(looks(night)).isEqualTo(7);
      night.untilDone();
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void aBlipIsTriedAgainAtOnce(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 2).start()) {
      night.simulator().fault(new Fault.CutBefore(Endpoint.LIST), 0, 2);
      night.extract().submit();
      assertThat(night.states()).containsExactly("in_progress");
      night.simulator().fault(new Fault.CutBefore(Endpoint.RETRIEVE), 0, 2);
      night.minutes(6).poll();
      assertThat(looks(night)).isEqualTo(3);
      assertThat(night.states()).containsExactly("ended");
    }
  }
}
