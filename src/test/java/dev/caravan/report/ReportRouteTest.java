package dev.caravan.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.caravan.settings.Job;
import dev.caravan.settings.Secret;
import dev.caravan.settings.Settings;
import dev.caravan.settings.Settings.StartTls;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.TestDatabase;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.MimeMessage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class ReportRouteTest {
  private final GreenMail server =
      new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

  @BeforeEach
  void startServer() {
    server.start();
  }

  @AfterEach
  void stopServer() {
    server.stop();
  }

  @EachDatabase
  void mailsTheReportWithBothTwinsAndNothingElse(TestDatabase database) throws Exception {
    Night night = reported(database);
    night.jobs.pause("invoices", "Für Bürö");

    try (Station station = new Station(night, smtp())) {
      station.report();
    }

    MimeMessage mail = received(1).get(0);
    assertThat(mail.getSubject()).isEqualTo("invoices 2026-11-20: 1 completed — paused");
    assertThat(mail.getFrom()[0]).hasToString("caravan@example.com");
    assertThat(mail.getAllRecipients())
        .extracting(Object::toString)
        .containsExactly("ops@example.com");
    assertThat(mail.getHeader("x-api-key")).isNull();
    assertThat(mail.getHeader("job")).isNull();
    assertThat(mail.getHeader("Auto-Submitted")).containsExactly("auto-generated");
    Multipart twins = (Multipart) mail.getContent();
    assertThat(mail.getContentType()).startsWith("multipart/alternative");
    assertThat(part(twins, 0)).contains("text/plain", "The one record is completed", "Für Bürö");
    assertThat(part(twins, 1))
        .contains("text/html", "The one record is completed", "Für Bürö", "</html>");
    assertThat(night.mails.waiting()).isZero();
  }

  @EachDatabase
  void mailsOnceMoreWhenTheRunEndsAndThenNeverAgain(TestDatabase database) throws Exception {
    Night night = new Night(database);
    night.run(1, "open", 1);
    night.batch("aaaaaaaa", 1, "msgbatch_1", "in_progress", 1);
    night.request("aaaaaaaa", 0, 1, "INV-1", 1, null, null, null);

    try (Station station = new Station(night, smtp())) {
      station.report();
      station.ended();
      station.report();
      assertThat(received(1).get(0).getSubject()).endsWith("— 1 batch still running");

      night.sql(
          "update caravan_batch set state = 'collected', ended_at = '2026-11-21 06:00:00'",
          "update caravan_request set outcome = 'completed', open_key = null");
      station.ended();
      station.ended();
      station.report();
    }

    List<MimeMessage> mails = received(2);
    assertThat(mails.get(1).getSubject()).isEqualTo("invoices 2026-11-20: 1 completed");
    assertThat(mails.get(1).getMessageID()).isNotEqualTo(mails.get(0).getMessageID());
  }

  @EachDatabase
  void keepsAMailWhileTheServerIsAwayAndSendsItLaterUnderTheSameId(TestDatabase database)
      throws Exception {
    Night night = reported(database);
    Settings.Smtp smtp = smtp();
    server.stop();
    String messageId;

    try (Station station = new Station(night, smtp)) {
      station.report();
      var kept = database.query("select message_id, tries, error from caravan_mail").get(0);
      messageId = String.valueOf(kept.get("message_id"));
      assertThat(kept.get("tries")).hasToString("1");
      assertThat(String.valueOf(kept.get("error"))).containsIgnoringCase("connect");
      assertThat(night.mails.due()).as("not before its backoff is over").isEmpty();
    }
    GreenMail back = new GreenMail(new ServerSetup(smtp.port(), "127.0.0.1", "smtp"));
    back.start();
    try (Station station = new Station(night, smtp)) {
      night.sql("update caravan_mail set next_try_at = '2026-11-20 00:00:00'");
      station.send();
      station.send();
      assertThat(back.getReceivedMessages()).hasSize(1);
      assertThat(back.getReceivedMessages()[0].getMessageID()).isEqualTo(messageId);
      assertThat(night.mails.waiting()).isZero();
    } finally {
      back.stop();
    }
  }

  @EachDatabase
  void aMailThatCanNotBeSentDoesNotStopTheNext(TestDatabase database) throws Exception {
    Night night = new Night(database);
    night.mails.keep("<1@x>", null, List.of("no address at all <<>"), "first", "<p>", "text");
    night.mails.keep("<2@x>", null, List.of("ops@example.com"), "second", "<p>", "text");

    try (Station station = new Station(night, smtp())) {
      station.send();
    }

    assertThat(received(1).get(0).getSubject()).isEqualTo("second");
    assertThat(night.mails.waiting()).isEqualTo(1);
  }

  @EachDatabase(DatabaseVendor.H2)
  void aRefusedReceiverDoesNotKeepTheMailFromTheOthers(TestDatabase database) throws Exception {
    Night night = new Night(database);
    night.mails.keep("<1@x>", null, List.of("gone.ops@x.org", "ops@x.org"), "news", "<p>", "text");

    try (RefusingServer refusing = new RefusingServer("gone.ops@x.org");
        Station station =
            new Station(
                night,
                new Settings.Smtp(
                    "127.0.0.1", refusing.port(), null, new Secret(""), StartTls.OFF))) {
      station.send();
    }

    var kept = database.query("select recipients, error from caravan_mail").get(0);
    assertThat(kept.get("recipients")).hasToString("gone.ops@x.org");
    assertThat(String.valueOf(kept.get("error"))).contains("550 no such mailbox");
  }

  @EachDatabase(DatabaseVendor.H2)
  void aReceiverMayHaveACommaInTheName(TestDatabase database) throws Exception {
    Night night = new Night(database);
    List<String> receivers = List.of("\"Doe, Jane\" <jane@x.org>", "ops@x.org");
    night.mails.keep("<1@x>", null, receivers, "news", "<p>", "text");
    assertThat(night.mails.due().get(0).recipients()).isEqualTo(receivers);

    try (Station station = new Station(night, smtp())) {
      station.send();
    }

    assertThat(received(2).get(0).getAllRecipients()).hasSize(2);
    assertThat(night.mails.waiting()).isZero();
  }

  @EachDatabase
  void twoProcessesSendAMailOnce(TestDatabase database) throws Exception {
    Night night = reported(database);
    Night other = night;
    night.reportMails.keep("invoices");
    other.reportMails.keep("invoices");
    assertThat(night.mails.waiting()).isEqualTo(1);

    try (Station one = new Station(night, smtp());
        Station two = new Station(other, smtp())) {
      var seenByTwo = night.mails.due().get(0);
      one.send();
      assertThat(two.outbox.take(seenByTwo)).isFalse();
      two.send();
    }

    received(1);
  }

  @EachDatabase
  void sendsEachTeamItsOwnRows(TestDatabase database) throws Exception {
    Night night = reported(database);
    night.job =
        Night.job(
            "invoices",
            """
            select 'INV-1' as line, 'APPROVAL REQUIRED' as flag, 'it@example.com' as mail_to
            union all select 'INV-2', null, 'hr@example.com, it@example.com'
            union all select 'INV-3', null, 'not an address'
            """,
            List.of("boss@example.com"));

    try (Station station = new Station(night, smtp())) {
      station.report();
    }

    List<MimeMessage> mails = received(3);
    assertThat(body(mails, "boss@example.com"))
        .contains("INV-1", "INV-2", "INV-3", "not an address");
    assertThat(body(mails, "it@example.com"))
        .contains("INV-1 | APPROVAL REQUIRED", "INV-2")
        .doesNotContain("INV-3");
    assertThat(body(mails, "hr@example.com")).contains("INV-2").doesNotContain("INV-1", "INV-3");
  }

  @EachDatabase
  void mailsAnAlertOncePerIdAlsoAfterItWasSent(TestDatabase database) throws Exception {
    Night night = new Night(database);

    try (Station station = new Station(night, smtp())) {
      night.alerts.raise("paused-invoices", "invoices is paused\r\nBcc: x@y", "401 <b>", "resume");
      night.alerts.raise("paused-invoices", "invoices is paused", "401", "resume");
      assertThat(night.mails.waiting()).isEqualTo(1);
      station.send();
      night.alerts.raise("paused-invoices", "invoices is paused", "401", "resume");
      night.alerts.raise("paused-letters", "letters is paused", "401", "resume");
      station.send();
    }

    List<MimeMessage> mails = received(2);
    assertThat(mails.get(0).getSubject()).isEqualTo("Caravan: invoices is paused Bcc: x@y");
    assertThat(body(mails, "ops@example.com")).contains("401 <b>", "401 &lt;b&gt;");
  }

  @EachDatabase(DatabaseVendor.H2)
  void saysByAlertThatAReportCouldNotBeMadeAndMakesItLater(TestDatabase database) throws Exception {
    Night night = reported(database);
    @Nullable Job readable = night.job;
    night.job = null;

    try (Station station = new Station(night, smtp())) {
      station.report();
      assertThat(received(1).get(0).getSubject()).contains("invoices: the report of the run due");
      night.job = readable;
      station.report();
    }

    assertThat(received(2).get(1).getSubject()).isEqualTo("invoices 2026-11-20: 1 completed");
  }

  @EachDatabase(DatabaseVendor.H2)
  void keepsMailsWhereNoServerIsSet(TestDatabase database) throws Exception {
    Night night = reported(database);

    try (Station station = new Station(night, smtp(null, StartTls.OFF))) {
      station.report();
    }

    assertThat(night.mails.waiting()).isEqualTo(1);
    assertThat(server.getReceivedMessages()).isEmpty();
  }

  @EachDatabase(DatabaseVendor.H2)
  void sendsNothingInTheClearWhereStartTlsIsRequired(TestDatabase database) throws Exception {
    Night night = reported(database);

    try (Station station = new Station(night, smtp("127.0.0.1", StartTls.REQUIRED))) {
      station.report();
    }

    assertThat(server.getReceivedMessages()).isEmpty();
    assertThat(String.valueOf(database.query("select error from caravan_mail").get(0).get("error")))
        .contains("STARTTLS");
  }

  @EachDatabase(DatabaseVendor.H2)
  void refusesAServerWhoseCertificateNobodySigned(TestDatabase database) throws Exception {
    Night night = reported(database);
    GreenMail secured = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTPS));
    secured.start();
    int port = secured.getSmtps().getPort();
    Settings.Smtp smtp = new Settings.Smtp("127.0.0.1", port, null, new Secret(""), StartTls.SMTPS);
    try (Station station = new Station(night, smtp)) {
      station.report();
      assertThat(secured.getReceivedMessages()).isEmpty();
      assertThat(night.mails.waiting()).isEqualTo(1);
    } finally {
      secured.stop();
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void logsInWhereAUserIsSet(TestDatabase database) throws Exception {
    Night night = reported(database);
    server.setUser("caravan@example.com", "mailer", "secret");
    Settings.Smtp right =
        new Settings.Smtp(
            "127.0.0.1", server.getSmtp().getPort(), "mailer", new Secret("secret"), StartTls.OFF);
    Settings.Smtp wrong =
        new Settings.Smtp(
            "127.0.0.1", server.getSmtp().getPort(), "mailer", new Secret("guess"), StartTls.OFF);

    try (Station station = new Station(night, wrong)) {
      station.report();
      assertThat(night.mails.waiting()).isEqualTo(1);
    }
    try (Station station = new Station(night, right)) {
      night.sql("update caravan_mail set next_try_at = '2026-11-20 00:00:00'");
      station.send();
    }
    received(1);
  }

  private static Night reported(TestDatabase database) {
    Night night = new Night(database);
    night.run(1, "ended", 1);
    night.batch("aaaaaaaa", 1, "msgbatch_1", "collected", 1);
    night.request("aaaaaaaa", 0, 1, "INV-1", 1, "completed", null, null);
    return night;
  }

  private Settings.Smtp smtp() {
    return smtp("127.0.0.1", StartTls.OFF);
  }

  private Settings.Smtp smtp(@Nullable String host, StartTls security) {
    return new Settings.Smtp(host, server.getSmtp().getPort(), null, new Secret(""), security);
  }

  private List<MimeMessage> received(int count) {
    List<MimeMessage> mails = Arrays.asList(server.getReceivedMessages());
    assertThat(mails).hasSize(count);
    return mails;
  }

  private static String body(List<MimeMessage> mails, String receiver) throws Exception {
    StringBuilder body = new StringBuilder();
    for (MimeMessage mail : mails) {
      if (mail.getAllRecipients()[0].toString().equals(receiver)) {
        Multipart twins = (Multipart) mail.getContent();
        body.append(part(twins, 0)).append(part(twins, 1));
      }
    }
    return body.toString();
  }

  private static String part(Multipart twins, int index) throws Exception {
    Part part = twins.getBodyPart(index);
    return part.getContentType() + "\n" + part.getContent();
  }

  /** A process with the routes of the report stage. */
  private static final class Station implements AutoCloseable {
    final Outbox outbox;
    private final CamelContext camel = new DefaultCamelContext();

    Station(Night night, Settings.Smtp smtp) throws Exception {
      outbox = new Outbox(night.mails, smtp, Night.MAIL);
      camel.getRegistry().bind("reports", night.reportMails);
      camel.getRegistry().bind("outbox", outbox);
      camel.getRegistry().bind("mailSession", MailSession.of(smtp));
      camel.getComponent("quartz", QuartzComponent.class).setAutoStartScheduler(false);
      for (String name : new String[] {"60-report", "65-mail"}) {
        String file = Path.of("routes/" + name + ".camel.yaml").toUri().toString();
        PluginHelper.getRoutesLoader(camel)
            .loadRoutes(PluginHelper.getResourceLoader(camel).resolveResource(file));
      }
      camel.start();
    }

    void report() {
      run("direct:report");
    }

    void ended() {
      run("direct:report-ended");
    }

    void send() {
      run("direct:send-mails");
    }

    private void run(String route) {
      var exchange =
          camel
              .createProducerTemplate()
              .send(
                  route,
                  e -> {
                    e.setVariable("job", "invoices");
                    e.getMessage().setHeader("x-api-key", "secret");
                  });
      if (exchange.getException() != null) {
        throw new IllegalStateException(exchange.getException());
      }
    }

    @Override
    public void close() {
      camel.stop();
    }
  }
}
