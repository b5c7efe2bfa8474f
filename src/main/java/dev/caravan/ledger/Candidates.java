package dev.caravan.ledger;

import dev.caravan.batch.MessageBatch;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;

/** The table caravan_candidate: batches of the API that might be one of ours in doubt. */
public final class Candidates {
  private final Ledger ledger;

  public Candidates(Ledger ledger) {
    this.ledger = ledger;
  }

  /** Follows a batch for a nonce in doubt, unless it is followed or excluded already. */
  public void follow(String nonce, MessageBatch message, Instant now) {
    follow(nonce, message.id(), message.createdAt(), now);
  }

  /** The same, for an id of which nothing else is known. */
  public void follow(String nonce, String msgbatchId, Instant now) {
    follow(nonce, msgbatchId, null, now);
  }

  private void follow(String nonce, String msgbatchId, @Nullable Instant createdAt, Instant now) {
    boolean known =
        ledger
                .sql(
                    "select count(*) from caravan_candidate where nonce = :nonce and msgbatch_id = :id")
                .param("nonce", nonce)
                .param("id", msgbatchId)
                .query(Integer.class)
                .single()
            > 0;
    if (known) {
      return;
    }
    try {
      ledger
          .sql(
              """
              insert into caravan_candidate
                (nonce, msgbatch_id, state, created_at, found_at, next_look_at)
              values (:nonce, :id, 'open', :created, :now, :now)
              """)
          .param("nonce", nonce)
          .param("id", msgbatchId)
          .param("created", Utc.of(createdAt))
          .param("now", Utc.of(now))
          .update();
    } catch (DuplicateKeyException other) {
      // another process follows it
    }
  }

  /** Candidates of a nonce that are not decided. */
  public List<String> open(String nonce) {
    return ledger
        .sql(
            "select msgbatch_id from caravan_candidate where nonce = :nonce and state = 'open' order by found_at")
        .param("nonce", nonce)
        .query(String.class)
        .list();
  }

  /** The results named another nonce ({@code excluded}) or ours ({@code ours}): for good. */
  public void decide(String nonce, String msgbatchId, boolean ours) {
    ledger
        .sql(
            "update caravan_candidate set state = :state where nonce = :nonce and msgbatch_id = :id")
        .param("state", ours ? "ours" : "excluded")
        .param("nonce", nonce)
        .param("id", msgbatchId)
        .update();
    if (ours) {
      excludeOpen(nonce);
    }
  }

  /** One POST makes one batch: when that is known, the other candidates are not ours. */
  private void excludeOpen(String nonce) {
    ledger
        .sql(
            "update caravan_candidate set state = 'excluded' where nonce = :nonce and state = 'open'")
        .param("nonce", nonce)
        .update();
  }
}
