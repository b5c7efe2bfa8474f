package dev.caravan.ledger;

import dev.caravan.batch.MessageBatch;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;

/** The table caravan_candidate: batches of the API that might be one of ours in doubt. */
public final class Candidates {
  private final Ledger ledger;

  public Candidates(Ledger ledger) {
    this.ledger = ledger;
  }

  /**
   * A candidate that is not decided: in which workspace the list showed it, if it did, and since
   * when, and how often, it was not found by its id.
   */
  public record Candidate(
      String msgbatchId,
      boolean listed,
      @Nullable String workspaceId,
      @Nullable Instant missingSince,
      int missingLooks) {}

  /** Follows a batch for a nonce in doubt, unless it is followed or excluded already. */
  public void follow(
      String nonce, MessageBatch message, @Nullable String workspaceId, Instant now) {
    follow(nonce, message.id(), message.createdAt(), workspaceId, now);
  }

  /** The same, for an id of which nothing else is known. */
  public void follow(String nonce, String msgbatchId, Instant now) {
    follow(nonce, msgbatchId, null, null, now);
  }

  /** A person named it: it is followed even if it was excluded. */
  public void followAgain(String nonce, String msgbatchId, Instant now) {
    follow(nonce, msgbatchId, now);
    ledger
        .sql(
            """
            update caravan_candidate
            set state = 'open', missing_since = null, missing_looks = 0, next_look_at = :now
            where nonce = :nonce and msgbatch_id = :id
            """)
        .param("now", Utc.of(now))
        .param("nonce", nonce)
        .param("id", msgbatchId)
        .update();
  }

  private void follow(
      String nonce,
      String msgbatchId,
      @Nullable Instant createdAt,
      @Nullable String workspaceId,
      Instant now) {
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
                (nonce, msgbatch_id, state, created_at, workspace_id, found_at, next_look_at)
              values (:nonce, :id, 'open', :created, :workspace, :now, :now)
              """)
          .param("nonce", nonce)
          .param("id", msgbatchId)
          .param("created", Utc.of(createdAt))
          .param("workspace", workspaceId)
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

  /** Those of them that may be looked at now. */
  public List<Candidate> due(String nonce, Instant now) {
    return ledger
        .sql(
            """
            select * from caravan_candidate
            where nonce = :nonce and state = 'open'
              and (next_look_at is null or next_look_at <= :now)
            order by found_at
            """)
        .param("nonce", nonce)
        .param("now", Utc.of(now))
        .query(
            (row, i) ->
                new Candidate(
                    row.getString("msgbatch_id"),
                    Utc.get(row, "created_at") != null,
                    row.getString("workspace_id"),
                    Utc.get(row, "missing_since"),
                    row.getInt("missing_looks")))
        .list();
  }

  /** A candidate is not to be asked for before {@code next}, whoever follows it. */
  public void lookLater(String msgbatchId, Instant next) {
    ledger
        .sql(
            "update caravan_candidate set next_look_at = :next where msgbatch_id = :id and state = 'open'")
        .param("next", Utc.of(next))
        .param("id", msgbatchId)
        .update();
  }

  /** Once more the API did not know it, for the first time at {@code since}; none: it does. */
  public void missing(String nonce, String msgbatchId, @Nullable Instant since, int looks) {
    ledger
        .sql(
            """
            update caravan_candidate set missing_since = :since, missing_looks = :looks
            where nonce = :nonce and msgbatch_id = :id and state = 'open'
            """)
        .param("since", Utc.of(since))
        .param("looks", looks)
        .param("nonce", nonce)
        .param("id", msgbatchId)
        .update();
  }

  /** Its results are another's, by these nonces in them: excluded for all others that follow it. */
  public void excludeForOthers(String msgbatchId, Collection<String> nonces) {
    List<String> named = nonces.isEmpty() ? List.of("") : List.copyOf(nonces);
    ledger
        .sql(
            """
            update caravan_candidate set state = 'excluded'
            where msgbatch_id = :id and state = 'open' and nonce not in (:nonces)
            """)
        .param("id", msgbatchId)
        .param("nonces", named)
        .update();
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
