package dev.caravan.ledger;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

  /** Keeps a mail; it may be sent from now on. A mail of the same Message-ID is kept once. */
  public void keep(
      String messageId,
      @Nullable Long runId,
      List<String> recipients,
      String subject,
      String html,
      String plain) {
    Instant now = ledger.now();
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
        .param("now", Utc.of(now))
        .update();
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
                    List.of(row.getString("recipients").split(",")),
                    row.getString("subject"),
                    row.getString("html"),
                    row.getString("plain"),
                    row.getInt("tries")))
        .list();
  }

  /** Takes a mail to send it now: false when another process has it. */
  public boolean take(Waiting mail, Instant nextTry) {
    return ledger
            .sql(
                """
                update caravan_mail set tries = tries + 1, next_try_at = :next
                where id = :id and tries = :tries
                """)
            .param("next", Utc.of(nextTry))
            .param("id", mail.id())
            .param("tries", mail.tries())
            .update()
        == 1;
  }

  /** The server has accepted it. */
  public void sent(long id) {
    ledger.sql("delete from caravan_mail where id = :id").param("id", id).update();
  }

  /** The server did not take it; it stays. */
  public void failed(long id, String error) {
    ledger
        .sql("update caravan_mail set error = :error where id = :id")
        .param("error", error)
        .param("id", id)
        .update();
  }

  public int waiting() {
    return ledger.sql("select count(*) from caravan_mail").query(Integer.class).single();
  }
}
