package dev.caravan.batch;

/**
 * Tokens of one answer as billed ({@code usage} of a Message); the prompt is the sum of the first
 * four. Thinking is a part of the output.
 */
public record Usage(
    long inputTokens,
    long cacheWrite5m,
    long cacheWrite1h,
    long cacheRead,
    long outputTokens,
    long thinkingTokens) {

  public long promptTokens() {
    return inputTokens + cacheWrite5m + cacheWrite1h + cacheRead;
  }
}
