package dev.caravan.functional;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.simulator.Fault;
import dev.caravan.simulator.Simulator;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TestDatabase;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;

/** What an answer costs, and what thinking does to it. */
class MoneyTest {
  @TempDir Path home;

  @EachDatabase
  void whatIsBookedIsTheBillAndWhatIsNotUnderstoodIsUnpriced(TestDatabase database)
      throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 9).start()) {
      odd(night.simulator(), "INV-1$", "claude-next-9", null);
      odd(night.simulator(), "INV-2$", null, "{\"service_tier\":\"standard\"}");
      odd(night.simulator(), "INV-3$", null, "{\"output_tokens\":9000000000000000000}");
      odd(night.simulator(), "INV-4$", null, "{\"server_tool_use\":{\"web_search_requests\":1}}");
      odd(night.simulator(), "INV-5$", null, "{\"inference_geo\":\"us\"}");
      night.simulator().faults(new Fault.Refusal(Pattern.compile("INV-6$"), "cyber"));
      night.extract().submit().untilDone();

      assertThat(night.count("invoices where loads = 1")).isEqualTo(8);
      assertThat(unpriced(night))
          .containsExactly(
              Map.entry("INV-1", "config/prices.yaml has no price for claude-next-9 on 2026-11-20"),
              Map.entry("INV-2", "service_tier is standard, not batch"),
              Map.entry("INV-3", "output_tokens is 9000000000000000000"),
              Map.entry("INV-4", "server_tool_use is {\"web_search_requests\":1}"));
      assertThat(night.simulator().books().billedUsd()).isGreaterThan(booked(night));
      mailSays(night, "4 answers unpriced", "service_tier is standard, not batch (1)");
    }
  }

  @EachDatabase
  void theThinkingOfANightIsBookedAndBilledToTheDigit(TestDatabase database) throws Exception {
    try (InvoiceNight night =
        InvoiceNight.in(home, database).set("submit.attempts", "9").invoices(1, 12).start()) {
      odd(night.simulator(), "INV-[57]$", null, "{\"inference_geo\":\"us\"}");
      night.simulator().faults(new Fault.Refusal(Pattern.compile("INV-6$"), null));
      night.simulator().fault(new Fault.Truncated(Pattern.compile("INV-8$")), 0, 1);
      night.extract().submit().untilDone();

      assertThat(booked(night)).isEqualByComparingTo(night.simulator().books().billedUsd());
      assertThat(
              night.count(
                  "caravan_record where outcome = 'completed' and thinking_tokens > 0"
                      + " and thinking_tokens < output_tokens"))
          .isEqualTo(11);
      mailSays(night, "of them thinking)");
    }
  }

  /** Case 59: what was cut off within the thinking says nothing of how much is missing. */
  @EachDatabase(DatabaseVendor.H2)
  void anAnswerCutOffWithinTheThinkingGetsTheCapAtOnce(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 3)) {
      night.edit("effort=low", "effort=high").edit("max-tokens=500", "max-tokens=100").start();
      night.extract().submit().untilDone();

      assertThat(night.count("invoices where loads = 1")).isEqualTo(3);
      assertThat(
              database.query(
                  "select max_tokens, cause from caravan_request where record_key = 'INV-1'"
                      + " order by submission"))
          .extracting(row -> row.get("max_tokens") + " " + row.get("cause"))
          .containsExactly("100 truncated_thinking", "4000 null");
      assertThat(booked(night)).isEqualByComparingTo(night.simulator().books().billedUsd());
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void thinkingThatNeedsMoreThanTheCapIsRejectedOnce(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 1)) {
      night
          .edit("effort=low", "effort=max")
          .edit("max-tokens=500", "max-tokens=100")
          .edit("max-tokens-cap=4000", "max-tokens-cap=200")
          .start();
      night.extract().submit().untilDone();

      assertThat(night.outcome("INV-1")).isEqualTo("rejected truncated_thinking");
      assertThat(night.accepted()).isEqualTo(2);
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void withoutThinkingNoneIsPaid(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 3)) {
      night.edit("effort=low", "thinking=off").start();
      night.extract().submit().untilDone();

      assertThat(night.count("caravan_record where outcome = 'completed' and thinking_tokens = 0"))
          .isEqualTo(3);
    }
  }

  /** Case 60: the night goes by the calendar of check, and asks before it reads. */
  @EachDatabase(DatabaseVendor.H2)
  void aRetiredModelStopsTheRunBeforeTheSourceIsRead(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 3)) {
      night.edit("effort=low", "").edit("model=claude-haiku-5-5", "model=claude-opus-4-1");
      night.start().fire();

      assertThat(night.pause())
          .contains("model is claude-opus-4-1, retired on 2026-08-05 (UTC)", "claude-opus-5-5");
      assertThat(night.count("caravan_run where rows_read > 0")).isZero();
      assertThat(night.count("caravan_request")).isZero();
    }
  }

  private static void odd(Simulator simulator, String customId, String model, String usage)
      throws Exception {
    simulator.faults(
        new Fault.OddUsage(
            Pattern.compile(customId),
            model,
            usage == null ? null : new ObjectMapper().readTree(usage)));
  }

  private static List<Map.Entry<String, String>> unpriced(InvoiceNight night) {
    return night
        .database()
        .query(
            "select record_key, unpriced, cost_usd from caravan_record"
                + " where unpriced is not null order by record_key")
        .stream()
        .peek(row -> assertThat(row.get("cost_usd")).isNull())
        .map(
            row ->
                Map.entry(
                    String.valueOf(row.get("record_key")), String.valueOf(row.get("unpriced"))))
        .toList();
  }

  private static BigDecimal booked(InvoiceNight night) {
    return (BigDecimal)
        night
            .database()
            .query("select sum(cost_usd) as booked from caravan_request")
            .get(0)
            .get("booked");
  }

  private static void mailSays(InvoiceNight night, String... parts) {
    night.fixture().application().call("direct:report", Map.of("job", InvoiceNight.JOB));
    assertThat(night.database().query("select plain from caravan_mail"))
        .extracting(row -> String.valueOf(row.get("plain")))
        .anySatisfy(plain -> assertThat(plain).contains(parts));
  }
}
