package dev.caravan.check;

import dev.caravan.batch.RecordKey;
import dev.caravan.batch.RowHash;
import dev.caravan.settings.Fault;
import dev.caravan.settings.Job;
import dev.caravan.settings.SqlText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Columns of extract.sql that give another value each night though nobody changed the row. */
final class UnsteadyColumns {
  private static final Pattern CLOCK =
      Pattern.compile(
          "(?i)\\b(now|sysdate|localtime|unix_timestamp|clock_timestamp|\\w*_timestamp)\\b");
  private static final Pattern TODAY =
      Pattern.compile("(?i)\\b(current_date|curdate|sysdate|getdate|age)\\b");
  private static final Pattern SELECT_LIST = Pattern.compile("(?is)^\\s*select\\b(.*?)\\bfrom\\b");

  /** Fewer rows than every other one may have been changed by somebody meanwhile. */
  private static final int EVERY = 2;

  private final Job job;
  private final String file;
  private final SqlText sql;

  UnsteadyColumns(Job job, String file, SqlText sql) {
    this.job = job;
    this.file = file;
    this.sql = sql;
  }

  /** Some databases tell the time in whole seconds; waited for only where it is asked for. */
  void waitForTheClock() {
    if (CLOCK.matcher(sql.text()).find()) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1_050));
    }
  }

  /** A warning for each column; {@code again} are the same rows, read for a run a day later. */
  List<Fault> faults(SourceSample sample, SourceSample again) {
    List<Fault> faults = new ArrayList<>();
    Map<String, Map<String, @Nullable Object>> later = byKey(again);
    Map<String, Map<String, @Nullable Object>> now = byKey(sample);
    now.keySet().retainAll(later.keySet());
    for (String column : sample.columns().keySet()) {
      long differ =
          now.entrySet().stream()
              .filter(row -> differs(row.getValue(), later.get(row.getKey()), column))
              .count();
      if (differ > 0 && differ * EVERY >= now.size()) {
        faults.add(fault("the column " + column + " has another value at each reading"));
      }
    }
    if (faults.isEmpty()) {
      today(faults);
    }
    return faults;
  }

  /** What changes at midnight only can't be seen by reading twice. */
  private void today(List<Fault> faults) {
    var list = SELECT_LIST.matcher(sql.text());
    if (list.find()) {
      var function = TODAY.matcher(list.group(1));
      if (function.find()) {
        faults.add(fault("a column made with " + function.group() + " changes every day"));
      }
    }
  }

  private Map<String, Map<String, @Nullable Object>> byKey(SourceSample sample) {
    Map<String, Map<String, @Nullable Object>> rows = new HashMap<>();
    sample
        .rows()
        .forEach(row -> RecordKey.of(job.key(), row).ifPresent(key -> rows.put(key.hash(), row)));
    return rows;
  }

  private static boolean differs(
      Map<String, @Nullable Object> row,
      @Nullable Map<String, @Nullable Object> later,
      String column) {
    return later != null && !RowHash.of(one(row, column)).equals(RowHash.of(one(later, column)));
  }

  private static Map<String, @Nullable Object> one(
      Map<String, @Nullable Object> row, String column) {
    Map<String, @Nullable Object> one = new HashMap<>();
    one.put(column, row.get(column));
    return one;
  }

  private Fault fault(String what) {
    return new Fault(
            file,
            sql.line(),
            what
                + ": a finished record that extract.sql gives again counts as changed, is sent and paid again",
            "Leave the column out, or set" + " extract.when-changed=skip in job.properties.")
        .asWarning();
  }
}
