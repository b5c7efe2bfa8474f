package dev.caravan.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The table caravan_node: the processes at work on this ledger, by the database's clock. */
public final class Nodes {
  private static final Duration FORGOTTEN = Duration.ofDays(1);

  /**
   * One process.
   *
   * @param id its owner in leases, {@code host:pid:uuid}
   * @param work {@code service} or {@code command}
   */
  public record Node(String id, String work, Instant startedAt, Instant seenAt, Api api) {
    /** {@code host:pid}. */
    public String name() {
      return id.substring(0, id.lastIndexOf(':'));
    }
  }

  /**
   * How a process finds the API.
   *
   * @param breaker {@code closed}, {@code open} or {@code half_open}
   * @param detail what the last failed call met; empty while closed
   */
  public record Api(String breaker, Instant since, String detail) {}

  private final Ledger ledger;
  private final String owner;

  public Nodes(Ledger ledger, String owner) {
    this.ledger = ledger;
    this.owner = owner;
  }

  /** What this process is called in leases and here. */
  public String own() {
    return owner;
  }

  /** This process lives; to be said every {@link Leases#RENEWAL}. */
  public void seen(String work, Api api) {
    Instant now = ledger.now();
    if (renewed(now, api)) {
      return;
    }
    ledger
        .sql("delete from caravan_node where seen_at < :old")
        .param("old", Utc.of(now.minus(FORGOTTEN)))
        .update();
    ledger
        .sql(
            """
            insert into caravan_node (owner, work, started_at, seen_at, api, api_since, api_detail)
            values (:owner, :work, :now, :now, :api, :since, :detail)
            """)
        .param("owner", owner)
        .param("work", work)
        .param("now", Utc.of(now))
        .param("api", api.breaker())
        .param("since", Utc.of(api.since()))
        .param("detail", Clipped.to(1000, api.detail()))
        .update();
  }

  private boolean renewed(Instant now, Api api) {
    return ledger
            .sql(
                """
                update caravan_node
                set seen_at = :now, api = :api, api_since = :since, api_detail = :detail
                where owner = :owner
                """)
            .param("now", Utc.of(now))
            .param("api", api.breaker())
            .param("since", Utc.of(api.since()))
            .param("detail", Clipped.to(1000, api.detail()))
            .param("owner", owner)
            .update()
        == 1;
  }

  /** This process ends. */
  public void gone() {
    ledger.sql("delete from caravan_node where owner = :owner").param("owner", owner).update();
  }

  /** The processes that were alive a lease's length ago or later. */
  public List<Node> live() {
    return ledger
        .sql("select * from caravan_node where seen_at > :since order by started_at")
        .param("since", Utc.of(ledger.now().minus(Leases.LENGTH)))
        .query(Nodes::map)
        .list();
  }

  private static Node map(ResultSet row, int index) throws SQLException {
    String detail = row.getString("api_detail");
    return new Node(
        row.getString("owner"),
        row.getString("work"),
        Utc.require(row, "started_at"),
        Utc.require(row, "seen_at"),
        new Api(row.getString("api"), Utc.require(row, "api_since"), detail == null ? "" : detail));
  }
}
