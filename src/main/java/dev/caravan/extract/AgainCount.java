package dev.caravan.extract;

import dev.caravan.batch.Claim;
import dev.caravan.batch.Known;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code night --again} would do, counted by reading the source and claiming nothing: records
 * it would send, of which {@code fresh} were never sent, and those it would leave alone. {@code
 * costUsd} is what the newest requests of the finished ones cost, as far as they have a price.
 */
public record AgainCount(
    long completed,
    long rejected,
    long fresh,
    long kept,
    long open,
    BigDecimal costUsd,
    long unpriced) {
  static final AgainCount NONE = new AgainCount(0, 0, 0, 0, 0, BigDecimal.ZERO, 0);

  /** Finished records that would be sent again. */
  public long again() {
    return completed + rejected;
  }

  /** Finished records that the source gives. */
  public long given() {
    return again() + kept;
  }

  AgainCount plus(ChunkClaim chunk, Map<String, Known> known, long open) {
    AgainCount sum = new AgainCount(0, 0, 0, chunk.spared(), open, BigDecimal.ZERO, 0).plus(this);
    for (Claim claim : chunk.claims()) {
      sum = sum.plus(of(known.get(claim.key().hash())));
    }
    return sum;
  }

  private static AgainCount of(@Nullable Known before) {
    if (before == null) {
      return new AgainCount(0, 0, 1, 0, 0, BigDecimal.ZERO, 0);
    }
    boolean completed = "completed".equals(before.outcome());
    BigDecimal cost = before.costUsd();
    return new AgainCount(
        completed ? 1 : 0,
        completed ? 0 : 1,
        0,
        0,
        0,
        cost == null ? BigDecimal.ZERO : cost,
        cost == null ? 1 : 0);
  }

  private AgainCount plus(AgainCount more) {
    return new AgainCount(
        completed + more.completed,
        rejected + more.rejected,
        fresh + more.fresh,
        kept + more.kept,
        open + more.open,
        costUsd.add(more.costUsd),
        unpriced + more.unpriced);
  }
}
