package dev.caravan.settings;

import java.time.Duration;
import java.util.List;

/** Settings that are allowed alone but not together; both keys are named. */
final class Contradictions {
  private final Settings settings;
  private final RawSettings raw;

  private Contradictions(Settings settings, RawSettings raw) {
    this.settings = settings;
    this.raw = raw;
  }

  /** Notes them all as faults. */
  static void find(Settings settings, RawSettings raw) {
    Contradictions contradictions = new Contradictions(settings, raw);
    contradictions.ofTime();
    contradictions.ofSize();
    contradictions.ofQueue();
    contradictions.ofAge();
    contradictions.ofMail();
  }

  private void ofTime() {
    Settings.Deadline deadline = settings.deadline();
    Settings.Poll poll = settings.poll();
    Settings.Retry retry = settings.retry();
    List<Duration> looks = settings.submit().doubtLooks();
    refuseUnless(
        deadline.alert().compareTo(deadline.cancel()) < 0,
        Key.DEADLINE_ALERT,
        "must be less than deadline.cancel, which is " + raw.text(Key.DEADLINE_CANCEL));
    refuseUnless(
        poll.first().compareTo(poll.max()) <= 0,
        Key.POLL_FIRST,
        "must not be more than poll.max, which is " + raw.text(Key.POLL_MAX));
    refuseUnless(
        looks.get(looks.size() - 1).compareTo(settings.submit().heldAfter()) < 0,
        Key.SUBMIT_HELD_AFTER,
        "must be more than the last of submit.doubt-looks, which are "
            + raw.text(Key.SUBMIT_DOUBT_LOOKS));
    refuseUnless(
        looks.get(looks.size() - 1).compareTo(settings.submit().giveUp()) < 0
            && retry.max().compareTo(settings.submit().giveUp()) <= 0,
        Key.SUBMIT_GIVE_UP,
        "must be more than the last of submit.doubt-looks ("
            + raw.text(Key.SUBMIT_DOUBT_LOOKS)
            + ") and not less than the longest wait of retry.backoff ("
            + raw.text(Key.RETRY_BACKOFF)
            + ")");
    refuseUnless(
        retry.factor() >= 1 && retry.factor() <= 10,
        Key.RETRY_BACKOFF,
        "its factor must be 1 to 10");
    refuseUnless(
        retry.first().compareTo(retry.max()) <= 0
            && retry.max().compareTo(Duration.ofHours(24)) <= 0,
        Key.RETRY_BACKOFF,
        "its first wait must not be more than its longest, nor that more than 24h");
  }

  private void ofSize() {
    refuseUnless(
        settings.submit().maxRequestBytes() <= settings.submit().maxBytes(),
        Key.SUBMIT_MAX_REQUEST_BYTES,
        "must not be more than submit.max-bytes, which is " + raw.text(Key.SUBMIT_MAX_BYTES));
  }

  private void ofAge() {
    refuseUnless(
        settings.keepTexts().compareTo(settings.spool().keep()) >= 0,
        Key.LEDGER_KEEP_TEXTS,
        "must not be less than spool.keep, which is " + raw.text(Key.SPOOL_KEEP));
  }

  private void ofQueue() {
    refuseUnless(
        settings.submit().maxRequests() <= settings.submit().queueLimit(),
        Key.SUBMIT_QUEUE_LIMIT,
        "must not be less than submit.max-requests, which is " + raw.text(Key.SUBMIT_MAX_REQUESTS));
  }

  private void ofMail() {
    Settings.Smtp smtp = settings.smtp();
    refuseUnless(
        smtp.host() != null || smtp.user() == null,
        Key.SMTP_USER,
        "but smtp.host is empty: set both, or none");
    refuseUnless(
        smtp.host() == null || smtp.user() == null || !smtp.password().isEmpty(),
        Key.SMTP_USER,
        "but smtp.password is empty: set both, or none");
    refuseUnless(
        smtp.host() == null || !settings.mail().to().isEmpty(),
        Key.MAIL_TO,
        "but smtp.host is " + smtp.host() + ": alerts would reach nobody");
    refuseUnless(
        smtp.host() != null || settings.mail().to().isEmpty(),
        Key.MAIL_TO,
        "but smtp.host is empty: no mail would be sent");
    refuseUnless(
        smtp.user() == null
            || smtp.host() == null
            || smtp.startTls() != Settings.StartTls.OFF
            || Loopback.is(smtp.host()),
        Key.SMTP_STARTTLS,
        "but smtp.user is set: the password would travel openly; must be required or smtps");
  }

  private void refuseUnless(boolean holds, Key key, String because) {
    if (!holds) {
      raw.refuse(key, because);
    }
  }
}
