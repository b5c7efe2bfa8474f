package dev.caravan.batch;

import java.util.Locale;

/** Where a run stands: reading its source, waiting for answers, or with every record final. */
public enum RunState {
  EXTRACTING,
  OPEN,
  ENDED;

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static RunState of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
