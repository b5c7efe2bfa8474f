package dev.caravan.ledger;

import org.jspecify.annotations.Nullable;

/** Text from outside as every database takes it: no longer than its column, without NUL. */
final class Clipped {
  private Clipped() {}

  static @Nullable String to(int length, @Nullable String text) {
    if (text == null) {
      return null;
    }
    String clean = text.replace('\u0000', '\ufffd');
    if (clean.length() <= length) {
      return clean;
    }
    int end = Character.isHighSurrogate(clean.charAt(length - 2)) ? length - 2 : length - 1;
    return clean.substring(0, end) + "…";
  }
}
