package dev.caravan.testing;

import com.icegreen.greenmail.mail.MailAddress;
import com.icegreen.greenmail.mail.MovingMessage;
import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.user.UserException;
import com.icegreen.greenmail.user.UserManager;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An SMTP server on a free loopback port that keeps every mail it accepted, in order of arrival and
 * once per mail, however many recipients it has. It knows no STARTTLS.
 */
public final class TestMailServer implements AutoCloseable {
  private final List<MovingMessage> accepted = new ArrayList<>();
  private final @Nullable String user;
  private final String password;
  private GreenMail server;
  private final int port;

  private TestMailServer(@Nullable String user, String password) {
    this.user = user;
    this.password = password;
    this.server = serveAt(0);
    this.port = server.getSmtp().getPort();
  }

  /** Takes mails from anybody. */
  public static TestMailServer start() {
    return new TestMailServer(null, "");
  }

  /** Takes mails only after this login. */
  public static TestMailServer startWithLogin(String user, String password) {
    return new TestMailServer(user, password);
  }

  public int port() {
    return port;
  }

  /** Closes the port, so that mails are refused; what was accepted is kept. */
  public void goAway() {
    server.stop();
  }

  /** Opens the same port again. */
  public void comeBack() {
    server = serveAt(port);
  }

  public synchronized List<MimeMessage> messages() {
    return accepted.stream().map(MovingMessage::getMessage).toList();
  }

  /** The addresses the i-th mail was delivered to, Cc and Bcc among them. */
  public synchronized List<String> recipients(int i) {
    return accepted.get(i).getToAddresses().stream().map(MailAddress::getEmail).sorted().toList();
  }

  /** The HTML part of the i-th mail. */
  public String html(int i) {
    return content(i, "text/html");
  }

  /** The plain text part of the i-th mail. */
  public String text(int i) {
    return content(i, "text/plain");
  }

  @Override
  public void close() {
    server.stop();
  }

  private GreenMail serveAt(int port) {
    var started = new GreenMail(new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    started.start();
    var users = started.getUserManager();
    users.setAuthRequired(user != null);
    if (user != null) {
      started.setUser(user + "@localhost", user, password);
    }
    users.setMessageDeliveryHandler((mail, address) -> accept(mail, address, users));
    return started;
  }

  private synchronized GreenMailUser accept(
      MovingMessage mail, MailAddress address, UserManager users) throws UserException {
    if (user != null && mail.getAuthenticationState() == null) {
      throw new UserException("a login is required");
    }
    if (!accepted.contains(mail)) {
      accepted.add(mail);
    }
    var known = users.getUserByEmail(address.getEmail());
    return known != null
        ? known
        : users.createUser(address.getEmail(), address.getEmail(), address.getEmail());
  }

  private String content(int i, String type) {
    try {
      var content = find(messages().get(i), type);
      if (content == null) {
        throw new AssertionError("mail " + i + " has no part of type " + type);
      }
      return content;
    } catch (MessagingException | IOException e) {
      throw new AssertionError("mail " + i + " cannot be read", e);
    }
  }

  private static @Nullable String find(Part part, String type)
      throws MessagingException, IOException {
    if (part.isMimeType(type)) {
      return (String) part.getContent();
    }
    if (part.getContent() instanceof Multipart parts) {
      for (int i = 0; i < parts.getCount(); i++) {
        var found = find(parts.getBodyPart(i), type);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }
}
