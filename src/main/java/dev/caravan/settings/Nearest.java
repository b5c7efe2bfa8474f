package dev.caravan.settings;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the known word that a person most probably meant. */
public final class Nearest {
  private Nearest() {}

  /** The known word within a third of its length (at least two letters) of what was written. */
  static Optional<String> to(String written, Collection<String> known) {
    return within(Math.max(2, written.length() / 3), written, known);
  }

  /** The known word at most {@code edits} letters away. */
  static Optional<String> within(int edits, String written, Collection<String> known) {
    return known.stream()
        .filter(word -> distance(written, word) <= edits)
        .min(Comparator.comparingInt(word -> distance(written, word)));
  }

  /** A remedy: {@code Did you mean x?}, or all known words when none is near. */
  public static String remedy(String written, Collection<String> known) {
    return to(written, known)
        .map(word -> "Did you mean " + word + "?")
        .orElseGet(() -> "Known are: " + String.join(", ", known) + ".");
  }

  /** Levenshtein's distance: letters added, left out or changed. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    Arrays.setAll(row, i -> i);
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
