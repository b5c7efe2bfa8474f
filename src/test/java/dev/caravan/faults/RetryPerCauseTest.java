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
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** What is sent again, when, and how often, goes by the cause. */
@Tag("faults")
class RetryPerCauseTest {
  private static final List<String> PASSING =
      List.of("api_error", "overloaded_error", "timeout_error", "rate_limit_error", "new_error");
  private static final List<String> PERMANENT =
      List.of("invalid_request_error", "request_too_large");

  private static final DateTimeFormatter SQL = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  @TempDir Path home;

  private static Pattern record(int number) {
    return Pattern.compile("_INV-" + number + "$");
  }

  private static void sends(InvoiceNight night, int record, int times, String outcome) {
    assertThat(night.outcome("INV-" + record)).isEqualTo(outcome);
    assertThat(night.count("caravan_request where record_key = 'INV-%d'".formatted(record)))
        .as("sends of INV-" + record)
        .isEqualTo(times);
  }

  @EachDatabase({DatabaseVendor.POSTGRESQL, DatabaseVendor.MARIADB})
  void passingErrorsAreSentAgainAndPermanentOnesNever(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).start()) {
      int record = 0;
      for (String type : PASSING) {
        night.simulator().fault(new Fault.Errored(record(++record), type, null, null), 0, 1);
      }
      Fault ramp =
          new Fault.Errored(record(++record), "rate_limit_error", null, "ramp_limit_exceeded");
      night.simulator().fault(ramp, 0, 1);
      int passing = record;
      for (String type : PERMANENT) {
        night.simulator().faults(new Fault.Errored(record(++record), type, null, null));
      }
      night
          .simulator()
          .faults(new Fault.Refusal(record(++record), "cyber"))
          .faults(new Fault.StopReason(record(++record), "pause_turn"));
      int permanent = record;
      night.more(permanent + 3).untilDone();
      for (int i = 1; i <= passing; i++) {
        sends(night, i, 2, "completed");
      }
      sends(night, passing + 1, 1, "rejected invalid_request_error");
      sends(night, passing + 2, 1, "rejected request_too_large");
      sends(night, passing + 3, 1, "rejected refusal");
      sends(night, passing + 4, 1, "rejected pause_turn");
      assertThat(night.accepted()).isEqualTo(2);
      assertThat(night.pause()).isEmpty();
      FaultTable.tried("errors of single requests, passing and permanent", night);
    }
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void invalidAnswersGetOneMoreTryAndTruncatedOnesMoreTokens(TestDatabase database)
      throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).set("submit.attempts", "9").start()) {
      night
          .simulator()
          .faults(
              new Fault.InvalidOutput(record(1), Fault.Miss.PROSE), new Fault.Truncated(record(2)))
          .fault(new Fault.InvalidOutput(record(3), Fault.Miss.WRONG_TYPE), 0, 1)
          .fault(new Fault.Truncated(record(4)), 0, 2);
      night.more(5).untilDone();
      sends(night, 1, 2, "rejected invalid_output");
      sends(night, 2, 4, "rejected truncated");
      sends(night, 3, 2, "completed");
      sends(night, 4, 3, "completed");
      assertThat(tokens(night, "INV-2")).containsExactly(500, 1000, 2000, 4000);
      assertThat(tokens(night, "INV-4")).containsExactly(500, 1000, 2000);
      assertThat(tokens(night, "INV-1")).containsExactly(500, 500);
      FaultTable.tried("answers invalid or truncated", night);
    }
  }

  private static List<Integer> tokens(InvoiceNight night, String key) {
    return night
        .database()
        .query(
            "select max_tokens from caravan_request where record_key = '%s' order by submission"
                .formatted(key))
        .stream()
        .map(row -> Integer.valueOf(String.valueOf(row.get("max_tokens"))))
        .toList();
  }

  @EachDatabase({DatabaseVendor.POSTGRESQL, DatabaseVendor.MARIADB})
  void waitsDoubleBetweenHalfAndWholeAndEndWithTheThirdAttempt(TestDatabase database)
      throws Exception {
    try (InvoiceNight night =
        InvoiceNight.in(home, database).set("retry.backoff", "10m×2≤1h").start()) {
      night.simulator().faults(new Fault.Errored(Pattern.compile("INV"), "api_error", null, null));
      night.more(30);
      int[][] minutes = {{5, 10}, {10, 20}};
      for (int[] between : minutes) {
        night.minutes(6).poll().collect();
        assertThat(night.count(waiting(night, between[0], between[1]))).isEqualTo(30);
        assertThat(
                night
                    .database()
                    .count("select count(distinct not_before) from " + waiting(night, 0, 60)))
            .as("one wait for all of them")
            .isEqualTo(1);
        night.advance(Duration.ofMinutes(between[0]).minusSeconds(1)).resend();
        assertThat(night.count("caravan_request where outcome is null")).isZero();
        night.minutes(between[1] - between[0] + 1).resend().submit();
      }
      night.minutes(6).tick();
      assertThat(
              night.count(
                  "caravan_record where outcome = 'rejected' and cause = 'api_error' and attempt = 3"))
          .isEqualTo(30);
      assertThat(night.count("caravan_run where state = 'ended'")).isEqualTo(1);
      assertThat(night.accepted()).isEqualTo(3);
      FaultTable.tried("every request fails three times", night);
    }
  }

  /** The records that may be sent again between these minutes from now. */
  private static String waiting(InvoiceNight night, int from, int to) {
    LocalDateTime now = LocalDateTime.ofInstant(night.fixture().clock().instant(), ZoneOffset.UTC);
    return "caravan_record where outcome = 'retry' and not_before between timestamp '%s' and timestamp '%s'"
        .formatted(SQL.format(now.plusMinutes(from)), SQL.format(now.plusMinutes(to)));
  }

  /** The API names one bad request per POST. */
  @EachDatabase({DatabaseVendor.POSTGRESQL, DatabaseVendor.MARIADB})
  void everyRequestThatTheApiNamesIsRejectedOneByOne(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).start()) {
      for (int place : new int[] {2, 0, 4}) {
        night
            .simulator()
            .faults(
                new Fault.Refuse(
                    Endpoint.CREATE,
                    400,
                    null,
                    "requests." + place + ".params.max_tokens: no good",
                    null,
                    null,
                    false));
      }
      night.more(8).untilDone();
      assertThat(night.count("caravan_record where cause = 'refused_by_api'")).isEqualTo(3);
      assertThat(night.count("invoices where loads = 1")).isEqualTo(5);
      assertThat(night.simulator().books().calls()).containsEntry(Endpoint.CREATE, 4L);
      assertThat(night.accepted()).isEqualTo(1);
      assertThat(night.count("caravan_request where attempt > 1")).isZero();
      FaultTable.tried("create refused for three bad requests, one after the other", night);
    }
  }
}
