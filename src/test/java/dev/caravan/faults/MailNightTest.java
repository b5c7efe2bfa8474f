package dev.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TestDatabase;
import jakarta.mail.Session;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** The mail server fails all night: the results are written anyway, the mail waits for it. */
@Tag("faults")
class MailNightTest {
  @TempDir Path home;

  private static void report(InvoiceNight night) {
    night
        .database()
        .execute("update caravan_mail set next_try_at = timestamp '2020-01-01 00:00:00'");
    var done = night.fixture().application().call("direct:report", Map.of("job", InvoiceNight.JOB));
    assertThat(done.getException()).isNull();
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void theMailGoesOutOnceUnderItsFirstId(TestDatabase database) throws Exception {
    try (StubbornMailServer server = new StubbornMailServer();
        InvoiceNight night =
            InvoiceNight.in(home, database)
                .set("smtp.port", String.valueOf(server.port()))
                .invoices(1, 5)
                .start()) {
      night
          .fixture()
          .application()
          .bean("mailSession", Session.class)
          .getProperties()
          .setProperty("mail.smtp.timeout", "300");
      night.extract().submit().untilDone();
      for (StubbornMailServer.Mood mood :
          List.of(
              StubbornMailServer.Mood.REFUSES,
              StubbornMailServer.Mood.HANGS,
              StubbornMailServer.Mood.BUSY)) {
        server.mood(mood);
        report(night);
        assertThat(night.count("caravan_mail where error is not null"))
            .as(mood.name())
            .isEqualTo(1);
      }
      Object id = night.fixture().row("select message_id from caravan_mail").get("message_id");
      server.mood(StubbornMailServer.Mood.WILLING);
      report(night);
      report(night);
      assertThat(server.accepted()).singleElement().asString().contains("Message-ID: " + id);
      assertThat(night.count("caravan_mail")).isZero();
      FaultTable.tried("mail server refuses, hangs, is busy all night", night);
    }
  }
}
