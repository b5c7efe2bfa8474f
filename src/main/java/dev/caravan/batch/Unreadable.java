package dev.caravan.batch;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Stands in a row for a value that could not be read; the record is set aside, the others not. */
public record Unreadable(String column, String type, String reason, String remedy) {
  public static final String CAUSE = "unreadable";

  /**
   * Lets a row pass whose values could all be read.
   *
   * @throws RecordFault with cause {@link #CAUSE}, naming column, type and remedy
   */
  public static void check(Map<String, ? extends @Nullable Object> row) {
    for (Object value : row.values()) {
      if (value instanceof Unreadable unreadable) {
        throw new RecordFault(CAUSE, unreadable.toString());
      }
    }
  }

  @Override
  public String toString() {
    return "column " + column + " of type " + type + " can't be read: " + reason + ". " + remedy;
  }
}
