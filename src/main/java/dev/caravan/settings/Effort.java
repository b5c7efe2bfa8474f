package dev.caravan.settings;

import java.util.Locale;

/** How hard a model works on an answer ({@code output_config.effort}), the cheapest first. */
public enum Effort {
  LOW(256),
  MEDIUM(1024),
  HIGH(4096),
  XHIGH(8192),
  MAX(16_384);

  private final int fewestTokens;

  Effort(int fewestTokens) {
    this.fewestTokens = fewestTokens;
  }

  /**
   * The effort of a word as the API spells it.
   *
   * @throws IllegalArgumentException when there is none of this name
   */
  public static Effort of(String word) {
    for (Effort effort : values()) {
      if (effort.word().equals(word)) {
        return effort;
      }
    }
    throw new IllegalArgumentException(word);
  }

  /** As the API spells it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Below so many max_tokens the thinking at this effort often leaves no room for an answer. */
  int fewestTokens() {
    return fewestTokens;
  }
}
