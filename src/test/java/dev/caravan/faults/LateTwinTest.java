package dev.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.simulator.Fault;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/**
 * The API accepts a batch after the last look: what no client can prevent is paid twice, but found,
 * booked and named, and nothing is applied twice.
 */
@Tag("faults")
class LateTwinTest {
  @TempDir Path home;

  @EachDatabase({DatabaseVendor.POSTGRESQL, DatabaseVendor.MARIADB})
  void isCollectedAndBookedAndNamedAndAppliedNowhereTwice(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).start()) {
      for (int minutes : new int[] {20, 120}) {
        long before = night.accepted();
        night.simulator().faults(new Fault.AcceptLate(Duration.ofMinutes(minutes)));
        night.more(20);
        String lost = night.newest().nonce();
        night.untilDone(Duration.ofMinutes(2));
        for (int i = 0; i < 10; i++) {
          night.minutes(20).tick();
        }
        var twin = night.fixture().ledger().batches.get(lost);
        assertThat(night.accepted()).isEqualTo(before + 2);
        assertThat(twin.collectedAt()).isNotNull();
        assertThat(
                night.count(
                    "caravan_request where cause = 'paid_twice' and cost_usd > 0 and nonce = '%s'"
                        .formatted(lost)))
            .isEqualTo(20);
        assertThat(night.fixture().ledger().reports.paidTwice(twin.runId()))
            .containsExactly(String.valueOf(twin.msgbatchId()));
        assertThat(
                night.count(
                    "caravan_mail where plain like '%%paid twice%%' and plain like '%%%s%%'"
                        .formatted(twin.msgbatchId())))
            .isEqualTo(1);
        String name = minutes < 60 ? minutes + " min" : minutes / 60 + " h";
        FaultTable.tried(
            "accepted " + name + " after the answer was lost (beyond the looks)", night);
      }
      assertThat(night.count("invoices where loads <> 1")).isZero();
    }
  }

  /** R5: a paid answer is used where its record has none, also when the newer request failed. */
  @EachDatabase({DatabaseVendor.POSTGRESQL, DatabaseVendor.MARIADB})
  void answersRecordsThatWereRejectedSince(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).start()) {
      night
          .simulator()
          .faults(new Fault.AcceptLate(Duration.ofMinutes(30)))
          // the batch sent again is answered first
          .fault(new Fault.Refusal(Pattern.compile("INV-1$"), "cyber"), 0, 1);
      night.more(3);
      String lost = night.newest().nonce();
      night.untilDone(Duration.ofMinutes(2));
      assertThat(night.outcome("INV-1")).isEqualTo("rejected refusal");
      for (int i = 0; i < 5; i++) {
        night.minutes(20).tick();
      }
      assertThat(night.fixture().ledger().batches.get(lost).collectedAt()).isNotNull();
      assertThat(night.outcome("INV-1")).isEqualTo("completed superseded");
      assertThat(night.count("invoices where loads <> 1")).isZero();
      assertThat(night.count("caravan_request where outcome = 'completed' and cause is null"))
          .isEqualTo(3);
      assertThat(night.accepted()).isEqualTo(2);
      FaultTable.tried("twin found after the newer request was rejected", night);
    }
  }
}
