package dev.caravan.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a job's {@code report.sql}: lines with flags, or a table when it has no column {@code
 * line}. Only the first rows are shown; {@code total} counts all, or those that came before an
 * {@code error}. {@code empty} when it gave no rows although the run completed records.
 */
public record ReportRows(
    List<String> columns,
    List<Row> shown,
    List<Flag> flags,
    long total,
    boolean empty,
    @Nullable String error) {

  static final ReportRows NONE = new ReportRows(List.of(), List.of(), List.of(), 0, false, null);

  /** One row: its cells in the order of the columns, and the flag of a line. */
  public record Row(List<String> cells, @Nullable String flag) {}

  /** How many rows carry this flag, the ones not shown included. */
  public record Flag(String text, long count) {}

  /** Rows that are counted but not shown. */
  @JsonProperty("hidden")
  public long hidden() {
    return total - shown.size();
  }

  /** The same, said to be empty where rows could have been expected and none came. */
  ReportRows orNone(boolean expected) {
    return new ReportRows(columns, shown, flags, total, expected && total == 0, error);
  }

  /** The same, with more rows missing. */
  ReportRows cut(String why) {
    return new ReportRows(columns, shown, flags, total, false, why);
  }
}
