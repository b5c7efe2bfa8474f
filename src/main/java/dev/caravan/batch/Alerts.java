package dev.caravan.batch;

/** Tells people of something that can't wait for the report; every stage may raise one. */
public interface Alerts {

  /**
   * Mails an alert to {@code mail.to} and logs it.
   *
   * @param id names the occasion (such as {@code paused-invoices-2026-11-20T23:00}); the same id is
   *     mailed once
   * @param subject what happened, in one line
   * @param text what failed, the value seen, what happens next
   * @param todo what a person can do
   */
  void raise(String id, String subject, String text, String todo);
}
