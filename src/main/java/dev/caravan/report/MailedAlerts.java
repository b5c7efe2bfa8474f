package dev.caravan.report;

import dev.caravan.batch.Alerts;
import dev.caravan.ledger.Actions;
import dev.caravan.ledger.Ledger;
import dev.caravan.ledger.Mails;
import dev.caravan.settings.Settings;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
      ledger.inTransaction(() -> keep(ids.of("alert-" + id), new Alert(subject, text, todo)));
    } catch (RuntimeException e) {
      // an alert must not break what raised it
      LOG.error(
          "The alert \"{}\" could not be kept for mailing: {}",
          Words.line(subject, MAX_SUBJECT),
          e.getMessage(),
          e);
    }
  }

  /** Its row leaves caravan_mail once sent; what was ever kept is remembered as an action. */
  private void keep(String messageId, Alert alert) {
    if (actions.recorded(ACTION, messageId)) {
      return;
    }
    String subject = Words.line("Caravan: " + alert.subject(), MAX_SUBJECT);
    boolean kept =
        mails.keep(
            messageId,
            null,
            receivers,
            subject,
            texts.html("alert", alert),
            texts.text("alert", alert));
    if (kept) {
      actions.record(ACTION, messageId, subject);
    }
  }
}
