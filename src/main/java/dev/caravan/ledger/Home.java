package dev.caravan.ledger;

import java.util.Optional;

/** The table caravan_home: the id of the one data folder that may act on this ledger. */
public final class Home {
  private final Ledger ledger;

  public Home(Ledger ledger) {
    this.ledger = ledger;
  }

  public Optional<String> id() {
    return ledger
        .sql("select id from caravan_home")
        .query(String.class)
        .optional()
        .filter(id -> !id.isBlank());
  }

  /** Makes {@code id} the owner of this ledger. */
  public void own(String id) {
    ledger.inTransaction(
        () -> {
          ledger.sql("delete from caravan_home").update();
          ledger
              .sql("insert into caravan_home (id, created_at) values (:id, :now)")
              .param("id", id)
              .param("now", Utc.of(ledger.now()))
              .update();
        });
  }
}
