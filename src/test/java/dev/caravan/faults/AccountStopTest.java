package dev.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.simulator.Endpoint;
import dev.caravan.simulator.Fault;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.StatusCommand;
import dev.caravan.testing.TestDatabase;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/**
 * A key, a limit or the account stops everything: the job is paused, a person is told, and {@code
 * resume} goes on at once with nothing lost and nothing counted.
 */
@Tag("faults")
class AccountStopTest {
  private static final String LIMIT =
      "You have reached your specified workspace API usage limits. You will regain access soon.";

  @TempDir Path home;

  private static Fault.Errored error(
      Pattern record, String type, @Nullable String message, @Nullable String code) {
    return new Fault.Errored(record, type, message, code);
  }

  private static List<Fault.Errored> errors(Pattern record) {
    return List.of(
        error(record, "authentication_error", "API key is invalid", null),
        error(record, "permission_error", "not allowed", null),
        error(record, "billing_error", "pay first", null),
        error(record, "not_found_error", "model: claude-gone", null),
        error(record, "rate_limit_error", "spent", "enforced_spend_limit_reached"),
        error(record, "rate_limit_error", "spent", "contract_spend_limit_reached"),
        error(record, "permission_error", "on hold", "organization_on_hold"),
        error(record, "invalid_request_error", "no review", "workspace_human_review_disabled"),
        error(record, "invalid_request_error", "key blocked", "cmek_key_network_blocked"),
        error(record, "invalid_request_error", LIMIT, null));
  }

  @EachDatabase({DatabaseVendor.POSTGRESQL, DatabaseVendor.MARIADB})
  void inResultsPausesAndLoadsTheRestAndGoesOnAtOnce(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).start()) {
      int record = 0;
      for (Fault.Errored error : errors(Pattern.compile("_INV-(1|4|7|10|13|16|19|22|25|28)$"))) {
        long sent = night.accepted();
        night.simulator().fault(error, 0, 1);
        night.more(3).minutes(6).tick().minutes(6).tick();
        assertThat(night.accepted()).isEqualTo(sent + 1);
        String message = error.message() == null ? "" : error.message();
        assertThat(night.pause()).contains(message);
        assertThat(night.mails().get(night.mails().size() - 1)).contains("invoices is paused");
        assertThat(night.count("caravan_mail where plain like '%" + message + "%'")).isPositive();
        assertThat(night.count("invoices where loads = 1")).isEqualTo(record + 2);
        night.resume().tick();
        assertThat(night.accepted()).isEqualTo(sent + 2);
        night.untilDone();
        record += 3;
        assertThat(night.count("invoices where loads = 1")).isEqualTo(record);
        FaultTable.tried("a setting or the account stops single requests", night);
      }
    }
  }

  private static Map<String, Fault> refusals() {
    Map<String, Fault> refusals = new LinkedHashMap<>();
    refusals.put("API key is invalid", Fault.refuse(Endpoint.CREATE, 401));
    refusals.put("credit balance is too low", Fault.refuse(Endpoint.CREATE, 402));
    refusals.put("does not have permission", Fault.refuse(Endpoint.CREATE, 403));
    refusals.put("monthly spend limit", Fault.spendCap(Endpoint.CREATE));
    refusals.put("specified API usage limits", Fault.spendLimit(Endpoint.CREATE));
    refusals.put("invalid. (", Fault.refuse(Endpoint.LIST, 401));
    refusals.put(
        "no review",
        new Fault.Refuse(
            Endpoint.CREATE,
            400,
            null,
            "requests.0: no review",
            "workspace_human_review_disabled",
            null,
            false));
    refusals.put(
        "on hold",
        new Fault.Refuse(
            Endpoint.CREATE, 403, null, "on hold", "organization_on_hold", null, false));
    return refusals;
  }

  @EachDatabase({DatabaseVendor.POSTGRESQL, DatabaseVendor.MARIADB})
  void atCreatePausesAndGoesOnAtOnce(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).start()) {
      boolean first = true;
      for (Map.Entry<String, Fault> refusal : refusals().entrySet()) {
        long sent = night.accepted();
        night.simulator().faults(refusal.getValue());
        night.more(3).tick().minutes(6).tick();
        assertThat(night.accepted()).isEqualTo(sent);
        assertThat(night.pause()).contains(refusal.getKey());
        assertThat(night.mails().get(night.mails().size() - 1)).contains("invoices is paused");
        if (first) {
          assertThat(StatusCommand.of(night.fixture(), InvoiceNight.JOB))
              .contains("PAUSED since", refusal.getKey(), "./caravan resume invoices");
          first = false;
        }
        night.resume().submit();
        assertThat(night.accepted()).isEqualTo(sent + 1);
        night.untilDone();
        FaultTable.tried("a setting or the account stops a create", night);
      }
      assertThat(night.count("caravan_request where attempt > 1")).isZero();
      assertThat(night.count("invoices where loads <> 1")).isZero();
    }
  }
}
