package dev.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.simulator.Endpoint;
import dev.caravan.simulator.Fault;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TestDatabase;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** A state that people must hear of and the mail that tells them are committed together. */
@Tag("faults")
class OneTransactionTest {
  @TempDir Path home;

  private static void mails(InvoiceNight night, String from, String to) {
    night.database().execute("alter table " + from + " rename to " + to);
  }

  @EachDatabase({DatabaseVendor.POSTGRESQL, DatabaseVendor.MARIADB})
  void outcomesAndThePauseThatFollowsFromThem(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).start()) {
      Pattern first = Pattern.compile("INV-1$");
      night.simulator().fault(new Fault.Errored(first, "billing_error", "pay first", null), 0, 1);
      night.more(3).minutes(6).poll();
      mails(night, "caravan_mail", "caravan_mail_away");
      night.collect();
      assertThat(night.count("caravan_request where outcome is null")).isEqualTo(3);
      assertThat(night.count("invoices where loads = 0")).isEqualTo(3);
      assertThat(night.pause()).isEmpty();
      mails(night, "caravan_mail_away", "caravan_mail");
      night.minutes(2).collect();
      assertThat(night.pause()).contains("pay first");
      assertThat(night.mails()).anyMatch(mail -> mail.contains("is paused"));
      assertThat(night.count("invoices where loads = 1")).isEqualTo(2);
      night.resume().untilDone();
      FaultTable.tried("the alert of a pause can't be kept", night);
    }
  }

  @EachDatabase({DatabaseVendor.POSTGRESQL, DatabaseVendor.MARIADB})
  void aRefusedBatchThatIsHeld(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).start()) {
      night.simulator().faults(Fault.refuse(Endpoint.CREATE, 404));
      night.invoices(1, 3).extract();
      mails(night, "caravan_mail", "caravan_mail_away");
      assertThatThrownBy(night::submit).hasMessageContaining("caravan_mail");
      assertThat(night.states()).containsExactly("submitting");
      mails(night, "caravan_mail_away", "caravan_mail");
      night.submit();
      assertThat(night.states()).containsExactly("held");
      assertThat(night.mails()).anyMatch(mail -> mail.contains("is held"));
      assertThat(night.accepted()).isZero();
      night
          .fixture()
          .application()
          .bean("adoption", dev.caravan.submit.Adoption.class)
          .decide(night.newest(), "none");
      night.untilDone();
      FaultTable.tried("the alert of a held batch can't be kept", night);
    }
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void aBatchThatTheApiDoesNotKnow(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).start()) {
      night.more(3);
      night.simulator().fault(Fault.refuse(Endpoint.RETRIEVE, 404), 0, 1000);
      for (int i = 0; i < 14; i++) {
        night.minutes(1).poll();
      }
      mails(night, "caravan_mail", "caravan_mail_away");
      for (int i = 0; i < 5 && night.states().contains("in_progress"); i++) {
        night.minutes(1);
        night.fixture().application().call("direct:poll", java.util.Map.of());
      }
      assertThat(night.states()).containsExactly("in_progress");
      mails(night, "caravan_mail_away", "caravan_mail");
      night.minutes(1).poll();
      assertThat(night.states()).containsExactly("held");
      assertThat(night.mails()).anyMatch(mail -> mail.contains("is held"));
      night.simulator().clearFaults();
      night
          .fixture()
          .application()
          .bean("adoption", dev.caravan.submit.Adoption.class)
          .decide(night.newest(), String.valueOf(night.newest().msgbatchId()));
      night.untilDone();
      assertThat(night.accepted()).isEqualTo(1);
      FaultTable.tried("404 on a known id, held, settled by adopt ID", night);
    }
  }
}
