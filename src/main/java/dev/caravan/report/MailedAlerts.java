package dev.caravan.report;

import dev.caravan.batch.Alerts;
import dev.caravan.batch.Reasons;
import dev.caravan.ledger.Actions;
import dev.caravan.ledger.Ledger;
import dev.caravan.ledger.Mails;
import dev.caravan.settings.Settings;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Alerts by mail through the outbox, each once per id, and always in the log. */
public final class MailedAlerts implements Alerts {
  private static final Logger LOG = LoggerFactory.getLogger(MailedAlerts.class);
  private static final String ACTION = "alerted";
  private static final int MAX_SUBJECT = 200;

  private final Ledger ledger;
  private final Mails mails;
  private final Actions actions;
  private final MailTexts texts;
  private final MessageIds ids;
  private final List<String> receivers;

  /** {@code settings.to()} receives them. */
  public MailedAlerts(
      Ledger ledger,
      Mails mails,
      Actions actions,
      MailTexts texts,
      MessageIds ids,
      Settings.Mail settings) {
    this.ledger = ledger;
    this.mails = mails;
    this.actions = actions;
    this.texts = texts;
    this.ids = ids;
    this.receivers = List.copyOf(settings.to());
  }

  /** The model of the mail. */
  record Alert(String subject, String text, String todo) {}

  @Override
  public void raise(String id, String subject, String text, String todo) {
    LOG.warn("{}", Words.line(subject + " - " + text + " " + todo, 2000));
    if (receivers.isEmpty()) {
      return;
    }
    try {
      Alert alert = new Alert(subject, text, todo);
      String html = texts.html("alert", alert);
      String plain = texts.text("alert", alert);
      ledger.inTransaction(() -> keep(ids.of("alert-" + id), subject, html, plain));
    } catch (DataAccessException | TransactionException e) {
      if (ledger.transacting()) {
        // the transaction of what raised it is spoiled: both are done again, or neither
        throw e;
      }
      notKept(subject, e);
    } catch (RuntimeException e) {
      // an alert must not break what raised it
      notKept(subject, e);
    }
  }

  private static void notKept(String subject, RuntimeException e) {
    LOG.error(
        "The alert \"{}\" could not be kept for mailing: {}",
        Words.line(subject, MAX_SUBJECT),
        Reasons.of(e),
        e);
  }

  /** Its row leaves caravan_mail once sent; what was ever kept is remembered as an action. */
  private void keep(String messageId, String about, String html, String plain) {
    if (actions.recorded(ACTION, messageId)) {
      return;
    }
    String subject = Words.line("Caravan: " + about, MAX_SUBJECT);
    if (mails.keep(messageId, null, receivers, subject, html, plain)) {
      actions.record(ACTION, messageId, subject);
    }
  }
}
