package dev.caravan.batch;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What identifies a record in its job: {@code text} for people, {@code hash} (SHA-256 of the
 * canonical JSON array of the key columns) for the database.
 */
public record RecordKey(String text, String hash) {
  private static final int MAX_TEXT = 400;

  /** The key of a row with lower-case labels; empty when a key column is NULL or unreadable. */
  public static Optional<RecordKey> of(List<String> columns, Map<String, @Nullable Object> row) {
    StringBuilder canonical = new StringBuilder("[");
    StringBuilder text = new StringBuilder();
    for (String column : columns) {
      Object value = row.get(column);
      if (value == null || value instanceof Unreadable) {
        return Optional.empty();
      }
      canonical.append(canonical.length() == 1 ? "" : ",");
      Canonical.json(canonical, value);
      text.append(text.isEmpty() ? "" : ", ").append(Canonical.text(value));
    }
    return Optional.of(
        new RecordKey(shortened(text), Canonical.sha256(canonical.append("]").toString())));
  }

  /**
   * Hashes that the record with this text may have, in a job with so many key columns: a text does
   * not tell whether its database had numbers. Empty when it can't be taken apart.
   */
  public static List<String> hashesOf(String text, int columns) {
    List<String> parts = columns == 1 ? List.of(text) : List.of(text.split(", ", -1));
    if (parts.size() != columns) {
      return List.of();
    }
    List<String> arrays = List.of("");
    for (String part : parts) {
      arrays =
          arrays.stream()
              .flatMap(
                  array ->
                      Canonical.spellings(part).stream()
                          .map(value -> array.isEmpty() ? value : array + "," + value))
              .toList();
    }
    return arrays.stream().map(array -> Canonical.sha256("[" + array + "]")).toList();
  }

  /** No longer than the ledger holds, and without NUL, which PostgreSQL can't hold. */
  private static String shortened(StringBuilder text) {
    for (int i = text.indexOf("\0"); i >= 0; i = text.indexOf("\0", i)) {
      text.setCharAt(i, '\uFFFD');
    }
    if (text.length() <= MAX_TEXT) {
      return text.toString();
    }
    int end = Character.isHighSurrogate(text.charAt(MAX_TEXT - 1)) ? MAX_TEXT - 1 : MAX_TEXT;
    return text.substring(0, end);
  }
}
