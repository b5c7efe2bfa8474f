package dev.caravan.ledger;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.dao.DuplicateKeyException;

/**
 * The table caravan_schema: every output schema ever sent, so that an answer is judged by its own.
 */
public final class Schemas {
  private final Ledger ledger;
  private final Map<String, String> texts = new ConcurrentHashMap<>();

  public Schemas(Ledger ledger) {
    this.ledger = ledger;
  }

  /** Keeps a schema under its hash. */
  public void keep(String hash, String text) {
    if (texts.putIfAbsent(hash, text) != null) {
      return;
    }
    try {
      ledger
          .sql("insert into caravan_schema (hash, text) values (:hash, :text)")
          .param("hash", hash)
          .param("text", text)
          .update();
    } catch (DuplicateKeyException known) {
      // kept by an earlier run
    }
  }

  /** The text of a schema that some request was sent with. */
  public String text(String hash) {
    return texts.computeIfAbsent(
        hash,
        h ->
            ledger
                .sql("select text from caravan_schema where hash = :hash")
                .param("hash", h)
                .query(String.class)
                .single());
  }
}
