package dev.caravan.ledger;

import org.jspecify.annotations.Nullable;

/** The table caravan_action: what people told Caravan to do, who and when. */
public final class Actions {
  private final Ledger ledger;
  private final String osUser;

  public Actions(Ledger ledger, String osUser) {
    this.ledger = ledger;
    this.osUser = osUser;
  }

  public void record(String action, String subject, @Nullable String detail) {
    ledger
        .sql(
            """
            insert into caravan_action (at, os_user, action, subject, detail)
            values (:now, :user, :action, :subject, :detail)
            """)
        .param("now", Utc.of(ledger.now()))
        .param("user", osUser)
        .param("action", action)
        .param("subject", subject)
        .param("detail", detail)
        .update();
  }

  /** Whether this was recorded before. */
  public boolean recorded(String action, String subject) {
    return ledger
            .sql(
                "select count(*) from caravan_action where action = :action and subject = :subject")
            .param("action", action)
            .param("subject", subject)
            .query(Integer.class)
            .single()
        > 0;
  }
}
