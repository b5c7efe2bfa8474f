package dev.caravan.check;

import dev.caravan.report.MailSession;
import dev.caravan.settings.Fault;
import dev.caravan.settings.Settings;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.Transport;
import java.util.List;

/** Whether the mail server answers and takes the login; no mail is sent. */
final class MailServer {
  private MailServer() {}

  static List<Fault> faults(Settings.Smtp smtp) {
    if (smtp.host() == null) {
      return List.of();
    }
    try (Transport transport = MailSession.of(smtp).getTransport("smtp")) {
      transport.connect();
      return List.of();
    } catch (MessagingException e) {
      String server = smtp.host() + ":" + smtp.port();
      return List.of(
          Fault.in(
              "CARAVAN_SMTP_HOST",
              "the mail server " + server + " can't be used: " + CamelFailure.message(e),
              remedy(smtp, e)));
    }
  }

  private static String remedy(Settings.Smtp smtp, MessagingException e) {
    if (e instanceof AuthenticationFailedException) {
      return "Check CARAVAN_SMTP_USER (" + smtp.user() + ") and CARAVAN_SMTP_PASSWORD.";
    }
    String message = CamelFailure.message(e);
    if (message.contains("STARTTLS")) {
      return "This server has no STARTTLS: set smtp.starttls to smtps (often port 465), or to off"
          + " for a server on this machine.";
    }
    if (message.contains("certif") || message.contains("SSL") || message.contains("TLS")) {
      return "Check smtp.starttls (" + smtp.startTls() + ") and the server's certificate.";
    }
    return "Check CARAVAN_SMTP_HOST and CARAVAN_SMTP_PORT, and whether a firewall blocks them.";
  }
}
