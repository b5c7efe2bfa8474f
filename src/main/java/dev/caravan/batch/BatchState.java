package dev.caravan.batch;

import java.util.Locale;

/**
 * Where a batch stands: {@code writing → ready → submitting → in_progress → canceling → ended →
 * collected}; beside them doubt, lost, held (a person must decide) and refused (nothing was
 * accepted).
 */
public enum BatchState {
  WRITING,
  READY,
  SUBMITTING,
  IN_PROGRESS,
  CANCELING,
  ENDED,
  COLLECTED,
  DOUBT,
  LOST,
  HELD,
  REFUSED;

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static BatchState of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
