package dev.caravan.report;

import dev.caravan.settings.Settings.Smtp;
import dev.caravan.settings.Settings.StartTls;
import jakarta.mail.Authenticator;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.Session;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The session behind every SMTP connection: certificates and host names verified, STARTTLS required
 * where configured, 30 s for connecting and for every answer.
 */
public final class MailSession {
  private static final String TIMEOUT_MS = "30000";

  private MailSession() {}

  public static Session of(Smtp smtp) {
    Properties mail = new Properties();
    mail.setProperty("mail.transport.protocol", "smtp");
    mail.setProperty("mail.smtp.host", smtp.host() == null ? "localhost" : smtp.host());
    mail.setProperty("mail.smtp.port", Integer.toString(smtp.port()));
    mail.setProperty("mail.smtp.connectiontimeout", TIMEOUT_MS);
    mail.setProperty("mail.smtp.timeout", TIMEOUT_MS);
    mail.setProperty("mail.smtp.writetimeout", TIMEOUT_MS);
    mail.setProperty("mail.smtp.ssl.checkserveridentity", "true");
    // one refused receiver must not keep the mail from the others
    mail.setProperty("mail.smtp.sendpartial", "true");
    if (smtp.startTls() == StartTls.REQUIRED) {
      mail.setProperty("mail.smtp.starttls.enable", "true");
      mail.setProperty("mail.smtp.starttls.required", "true");
    } else if (smtp.startTls() == StartTls.SMTPS) {
      mail.setProperty("mail.smtp.ssl.enable", "true");
    }
    String user = smtp.user();
    if (user == null || user.isEmpty()) {
      return Session.getInstance(mail);
    }
    mail.setProperty("mail.smtp.auth", "true");
    mail.setProperty("mail.smtp.user", user);
    return Session.getInstance(mail, new Login(user, smtp));
  }

  private static final class Login extends Authenticator {
    private final String user;
    private final Smtp smtp;

    Login(String user, Smtp smtp) {
      this.user = user;
      this.smtp = smtp;
    }

    @Override
    protected @Nullable PasswordAuthentication getPasswordAuthentication() {
      return new PasswordAuthentication(user, smtp.password().reveal());
    }
  }
}
