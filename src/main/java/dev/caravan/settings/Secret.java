package dev.caravan.settings;

/** A text that never shows itself: {@code toString} is a mask, {@link #reveal} the only way out. */
public final class Secret {
  private final String value;

  public Secret(String value) {
    this.value = value;
  }

  public String reveal() {
    return value;
  }

  public boolean isEmpty() {
    return value.isEmpty();
  }

  @Override
  public String toString() {
    return value.isEmpty() ? "" : "xxxxxx";
  }
}
