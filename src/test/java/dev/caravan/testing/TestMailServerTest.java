package dev.caravan.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class TestMailServerTest {
  @Test
  void keepsBothPartsOfAMailOnceForAllItsRecipients() throws Exception {
    try (var server = TestMailServer.start()) {
      send(server, "", "", "first");
      send(server, "", "", "second");

      assertThat(server.messages())
          .extracting(MimeMessage::getSubject)
          .containsExactly("first", "second");
      assertThat(server.text(1)).isEqualTo("Grüße: second");
      assertThat(server.html(1)).isEqualTo("<p>Grüße: second</p>");
      assertThat(server.recipients(1)).containsExactly("ap@example.org", "ops@example.org");
    }
  }

  @Test
  void refusesWhileAwayAndKeepsPortAndMails() throws Exception {
    try (var server = TestMailServer.start()) {
      int port = server.port();
      send(server, "", "", "before");

      server.goAway();
      assertThatThrownBy(() -> send(server, "", "", "lost")).isInstanceOf(MessagingException.class);

      server.comeBack();
      send(server, "", "", "after");
      assertThat(server.port()).isEqualTo(port);
      assertThat(server.messages())
          .extracting(MimeMessage::getSubject)
          .containsExactly("before", "after");
    }
  }

  @Test
  void takesMailsOnlyWithTheLoginIfOneIsSet() throws Exception {
    try (var server = TestMailServer.startWithLogin("caravan", "mail-secret")) {
      assertThatThrownBy(() -> send(server, "", "", "anonymous"))
          .isInstanceOf(MessagingException.class);
      assertThatThrownBy(() -> send(server, "caravan", "wrong", "guessed"))
          .isInstanceOf(MessagingException.class);

      send(server, "caravan", "mail-secret", "proper");

      assertThat(server.messages()).extracting(MimeMessage::getSubject).containsExactly("proper");
    }
  }

  @Test
  void saysWhichPartIsMissing() throws Exception {
    try (var server = TestMailServer.start()) {
      var mail = mail(server, "plain");
      mail.setText("only text");
      Transport.send(mail);

      assertThat(server.text(0)).isEqualTo("only text");
      assertThatThrownBy(() -> server.html(0)).hasMessageContaining("text/html");
    }
  }

  private static void send(TestMailServer server, String user, String password, String subject)
      throws MessagingException {
    var mail = mail(server, subject);
    var text = new MimeBodyPart();
    text.setText("Grüße: " + subject, "UTF-8");
    var html = new MimeBodyPart();
    html.setText("<p>Grüße: " + subject + "</p>", "UTF-8", "html");
    mail.setContent(new MimeMultipart("alternative", text, html));
    if (user.isEmpty()) {
      Transport.send(mail);
    } else {
      Transport.send(mail, user, password);
    }
  }

  private static MimeMessage mail(TestMailServer server, String subject) throws MessagingException {
    var properties = new Properties();
    properties.put("mail.smtp.host", "127.0.0.1");
    properties.put("mail.smtp.port", String.valueOf(server.port()));
    var mail = new MimeMessage(Session.getInstance(properties));
    mail.setFrom("caravan@example.org");
    mail.setRecipient(Message.RecipientType.TO, new InternetAddress("ap@example.org"));
    mail.setRecipient(Message.RecipientType.BCC, new InternetAddress("ops@example.org"));
    mail.setSubject(subject);
    return mail;
  }
}
