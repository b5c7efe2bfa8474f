package dev.caravan.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.simulator.Fault;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;

/** What is sent again of one batch goes into one batch, whatever the causes. */
class RetryTogetherTest {
  @TempDir Path home;

  @EachDatabase
  void fiftyFiveRetriesOfOneBatchAreOneBatch(TestDatabase database) throws Exception {
    try (InvoiceNight night =
        InvoiceNight.in(home, database)
            .set("retry.backoff", "1m×2≤30m")
            .set("load.chunk", "7")
            .invoices(1, 80)
            .start()) {
      Pattern any = Pattern.compile("INV");
      night
          .simulator()
          .fault(new Fault.Errored(any, "api_error", null, null), 0, 11)
          .fault(new Fault.Errored(any, "overloaded_error", null, null), 0, 11)
          .fault(new Fault.Truncated(any), 0, 11)
          .fault(new Fault.InvalidOutput(any, Fault.Miss.PROSE), 0, 11)
          .fault(new Fault.Expired(any), 0, 11);
      night.extract().submit();
      for (int i = 0; i < 40; i++) {
        night.advance(Duration.ofSeconds(15)).tick();
      }
      assertThat(night.count("caravan_request where outcome = 'retry'")).isEqualTo(55);
      assertThat(night.accepted()).isEqualTo(2);
      night.untilDone();
      assertThat(night.accepted()).isEqualTo(2);
      assertThat(night.count("invoices where loads = 1")).isEqualTo(80);
    }
  }
}
