package dev.caravan.batch;

/**
 * Tokens of one answer as billed ({@code usage} of a Message); the prompt is the sum of the first
 * four.
 */
public record Usage(
    long inputTokens, long cacheWrite5m, long cacheWrite1h, long cacheRead, long outputTokens) {

  public long promptTokens() {
    return inputTokens + cacheWrite5m + cacheWrite1h + cacheRead;
  }
}
