package dev.caravan.simulator;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * USD per million tokens in real time; a cache write is 1.25 or 2 times the input.
 *
 * @param above100k what all of it is multiplied by when the prompt has more tokens; null: nothing
 */
record Price(
    BigDecimal input,
    BigDecimal output,
    BigDecimal read,
    @JsonProperty("above_100k") @Nullable BigDecimal above100k) {
  private static final long LONG_PROMPT = 100_000;

  /** The bill of one answer; {@code factor} is what its tier and its region are multiplied by. */
  BigDecimal usd(Usage usage, BigDecimal factor) {
    long prompt = usage.input() + usage.write5m() + usage.write1h() + usage.read();
    BigDecimal tier = above100k == null || prompt <= LONG_PROMPT ? BigDecimal.ONE : above100k;
    return times(input, usage.input())
        .add(times(input.multiply(new BigDecimal("1.25")), usage.write5m()))
        .add(times(input.multiply(new BigDecimal(2)), usage.write1h()))
        .add(times(read, usage.read()))
        .add(times(output, usage.output()))
        .multiply(tier)
        .multiply(factor)
        .movePointLeft(6);
  }

  private static BigDecimal times(BigDecimal rate, long tokens) {
    return rate.multiply(BigDecimal.valueOf(tokens));
  }
}
