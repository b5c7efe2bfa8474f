package dev.caravan.report;

import dev.caravan.batch.Reasons;
import dev.caravan.ledger.Mails;
import dev.caravan.ledger.Mails.Waiting;
import dev.caravan.settings.Settings;
import dev.caravan.settings.Units;
import jakarta.mail.Address;
import jakarta.mail.SendFailedException;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mails between the ledger and the mail server: taken by one process at a time, tried again after
 * 1, 2, 4 … 30 minutes under the same Message-ID, forgotten once accepted.
 */
public final class Outbox {
  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
  private static final Settings.Retry BACKOFF =
      new Settings.Retry(Duration.ofMinutes(1), 2, Duration.ofMinutes(30));

  /** Longer than the slowest sending, so that no other process takes a mail that is on its way. */
  private static final Duration HOLD = Duration.ofMinutes(10);

  private final Mails mails;
  private final Settings.Smtp smtp;
  private final String from;
  private final AtomicBoolean told = new AtomicBoolean();

  public Outbox(Mails mails, Settings.Smtp smtp, Settings.Mail mail) {
    this.mails = mails;
    this.smtp = smtp;
    this.from = mail.from();
  }

  /** The sender of every mail. */
  public String from() {
    return from;
  }

  /** Mails to try now; none while no mail server is set. */
  public List<Waiting> due() {
    if (smtp.host() != null) {
      return mails.due();
    }
    int waiting = mails.waiting();
    if (waiting > 0 && told.compareAndSet(false, true)) {
      LOG.info(
          "No mail server is set: {} kept until smtp.host (CARAVAN_SMTP_HOST) names one",
          Words.count(waiting, "mail"));
    }
    return List.of();
  }

  /** Whether this process may send it now. */
  public boolean take(@Variable("mail") Waiting mail) {
    return mails.take(mail, HOLD);
  }

  /** The server has accepted it. */
  public void sent(@Variable("mail") Waiting mail) {
    mails.sent(mail.id());
    LOG.info("Mailed \"{}\" to {}", mail.subject(), String.join(", ", mail.recipients()));
  }

  /** The server did not take it, or not for everybody: it is kept for those who lack it. */
  public void failed(
      @Variable("mail") Waiting mail,
      @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception error) {
    List<String> missing = new ArrayList<>(mail.recipients());
    Set<String> accepted = accepted(error);
    missing.removeIf(recipient -> accepted.contains(address(recipient)));
    if (missing.isEmpty()) {
      sent(mail);
      return;
    }
    Duration wait = BACKOFF.after(mail.tries() + 1);
    mails.failed(mail.id(), missing, Words.line(reason(error), 1000), wait);
    LOG.warn(
        "The mail \"{}\" to {} could not be sent (try {}): {}. It is kept and tried again in {}",
        mail.subject(),
        String.join(", ", missing),
        mail.tries() + 1,
        Words.line(reason(error), 300),
        Units.words(wait));
  }

  private static Set<String> accepted(Throwable error) {
    Set<String> accepted = new HashSet<>();
    for (Throwable e = error; e != null; e = e.getCause()) {
      if (e instanceof SendFailedException failed && failed.getValidSentAddresses() != null) {
        for (Address address : failed.getValidSentAddresses()) {
          accepted.add(address(address.toString()));
        }
      }
    }
    return accepted;
  }

  /** The address alone, without the name of its owner. */
  private static String address(String recipient) {
    try {
      return new InternetAddress(recipient).getAddress().toLowerCase(Locale.ROOT);
    } catch (AddressException e) {
      return recipient;
    }
  }

  /** The server's own words: messages of the chain, the outermost first, without its consents. */
  private static String reason(Throwable error) {
    StringBuilder reason = new StringBuilder();
    for (Throwable e = error; e != null; e = e.getCause()) {
      String message = Objects.requireNonNullElse(e.getMessage(), "").strip();
      if (reason.indexOf(message) < 0 && !message.matches("(?s)2\\d\\d .*")) {
        reason.append(reason.isEmpty() ? "" : ": ").append(message);
      }
    }
    return reason.isEmpty() ? Reasons.of(error) : reason.toString();
  }
}
