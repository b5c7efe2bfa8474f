package dev.caravan.batch;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which values can find their row again, weeks later, by {@code where k = :key_k}. */
public final class KeyTypes {
  /** PostgreSQL's types without an operator {@code =}, or with one that compares areas. */
  private static final Set<String> WITHOUT_EQUALS =
      Set.of(
          "xml",
          "json",
          "jsonpath",
          "point",
          "line",
          "lseg",
          "box",
          "path",
          "polygon",
          "circle",
          "record",
          "txid_snapshot",
          "pg_snapshot",
          "aclitem",
          "unknown");

  private KeyTypes() {}

  /**
   * What is wrong with the types of a job's key and {@code keep_*} columns, as this row shows them;
   * empty when nothing is.
   */
  public static Optional<String> fault(
      List<String> key, Map<String, ? extends @Nullable Object> row) {
    for (Map.Entry<String, ? extends @Nullable Object> column : row.entrySet()) {
      String label = column.getKey();
      Object value = column.getValue();
      if (key.contains(label)) {
        String type = unmatchable(value);
        if (type != null) {
          return Optional.of(keyFault(label, type));
        }
      }
      if ((key.contains(label) || label.startsWith("keep_"))
          && value instanceof DatabaseText text
          && isCollectionOfH2(text.type())) {
        return Optional.of(
            "column "
                + label
                + " is of type "
                + text.type()
                + ", which can't be written back: select cast("
                + label
                + " as varchar) as "
                + label);
      }
    }
    return Optional.empty();
  }

  private static @Nullable String unmatchable(@Nullable Object value) {
    if (value instanceof Float) {
      return "real";
    }
    if (value instanceof Double) {
      return "double precision";
    }
    if (value instanceof DatabaseText text && WITHOUT_EQUALS.contains(text.type())) {
      return text.type();
    }
    return null;
  }

  private static String keyFault(String label, String type) {
    return "key column "
        + label
        + " is of type "
        + type
        + ", by which load.sql could not find its row again. Nothing was sent. Name a column of"
        + " another type in key=, or cast it in extract.sql and compare it in load.sql as cast";
  }

  private static boolean isCollectionOfH2(String type) {
    return type.contains(" ARRAY") || type.startsWith("ROW(");
  }
}
