package dev.caravan.ledger;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;

/** The table caravan_mail: mails that no server has accepted yet. */
public final class Mails {
  private final Ledger ledger;

  public Mails(Ledger ledger) {
    this.ledger = ledger;
  }

  /** A mail waiting to be sent; {@code messageId} stays the same over all tries. */
  public record Waiting(
      long id,
      String messageId,
      @Nullable Long runId,
      List<String> recipients,
      String subject,
      String html,
      String plain,
      int tries) {}

  /**
   * Keeps a mail; it may be sent from now on. False when a mail of this Message-ID waits already:
   * the one that waits stays as it is.
   */
  public boolean keep(
      String messageId,
      @Nullable Long runId,
      List<String> recipients,
      String subject,
      String html,
      String plain) {
    if (waits(messageId)) {
      return false;
    }
    Instant now = ledger.now();
    var insert =
        ledger
            .sql(
                """
                insert into caravan_mail
                  (message_id, run_id, recipients, subject, html, plain, created_at, next_try_at)
                values (:message, :run, :recipients, :subject, :html, :plain, :now, :now)
                """)
            .param("message", messageId)
            .param("run", runId)
            .param("recipients", String.join(",", recipients))
            .param("subject", subject)
            .param("html", html)
            .param("plain", plain)
            .param("now", Utc.of(now));
    try {
      ledger.attempt(insert::update);
      return true;
    } catch (DuplicateKeyException otherProcess) {
      return false;
    }
  }

  private boolean waits(String messageId) {
    return ledger
            .sql("select count(*) from caravan_mail where message_id = :message")
            .param("message", messageId)
            .query(Integer.class)
            .single()
        > 0;
  }

  /** Mails to try now, oldest first. */
  public List<Waiting> due() {
    return ledger
        .sql("select * from caravan_mail where next_try_at <= :now order by id")
        .param("now", Utc.of(ledger.now()))
        .query(
            (row, i) ->
                new Waiting(
                    row.getLong("id"),
                    row.getString("message_id"),
                    row.getObject("run_id", Long.class),
                    recipients(row.getString("recipients")),
                    row.getString("subject"),
                    row.getString("html"),
                    row.getString("plain"),
                    row.getInt("tries")))
        .list();
  }

  /** A name may have a comma, too. */
  private static List<String> recipients(String text) {
    try {
      return Arrays.stream(InternetAddress.parse(text, false))
          .map(InternetAddress::toString)
          .toList();
    } catch (AddressException e) {
      return List.of(text);
    }
  }

  /**
   * Takes a mail to send it now: false when another process has it. After {@code hold} it is due
   * again, should this process die.
   */
  public boolean take(Waiting mail, Duration hold) {
    return ledger
            .sql(
                """
                update caravan_mail set tries = tries + 1, next_try_at = :next
                where id = :id and tries = :tries
                """)
            .param("next", Utc.of(ledger.now().plus(hold)))
            .param("id", mail.id())
            .param("tries", mail.tries())
            .update()
        == 1;
  }

  /** The server has accepted it. */
  public void sent(long id) {
    ledger.sql("delete from caravan_mail where id = :id").param("id", id).update();
  }

  /** The server did not take it for these recipients; it is tried again after {@code wait}. */
  public void failed(long id, List<String> recipients, String error, Duration wait) {
    ledger
        .sql(
            """
            update caravan_mail set recipients = :recipients, error = :error, next_try_at = :next
            where id = :id
            """)
        .param("recipients", String.join(",", recipients))
        .param("error", error)
        .param("next", Utc.of(ledger.now().plus(wait)))
        .param("id", id)
        .update();
  }

  public int waiting() {
    return ledger.sql("select count(*) from caravan_mail").query(Integer.class).single();
  }
}
