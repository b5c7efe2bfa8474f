package dev.caravan.check;

import dev.caravan.batch.RecordKey;
import dev.caravan.settings.Fault;
import dev.caravan.settings.Job;
import dev.caravan.settings.Nearest;
import dev.caravan.settings.SqlText;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether the labels of extract.sql are unique, and its key is there, filled and unique. */
final class SampleKeys {
  private static final Set<Integer> INEXACT = Set.of(Types.REAL, Types.FLOAT, Types.DOUBLE);

  private final Job job;
  private final String file;
  private final SqlText sql;
  private final List<Fault> faults = new ArrayList<>();

  SampleKeys(Job job, String file, SqlText sql) {
    this.job = job;
    this.file = file;
    this.sql = sql;
  }

  List<Fault> faults(SourceSample sample) {
    sample
        .repeated()
        .forEach(
            (label, origins) ->
                fault(
                    "several columns are named "
                        + label
                        + " ("
                        + origins
                        + "): only one would be read",
                    "Leave one out, or give it another name (as other_" + label + ")."));
    for (String column : job.key()) {
      column(column, sample);
    }
    if (sample.columns().keySet().containsAll(job.key())) {
      values(sample.rows());
    }
    return faults;
  }

  private void column(String column, SourceSample sample) {
    Integer type = sample.columns().get(column);
    if (type == null) {
      String remedy = Nearest.remedy(column, sample.columns().keySet());
      fault(
          "the result has no key column " + column,
          remedy + " Select it, or change key= in job.properties.");
    } else if (INEXACT.contains(type)) {
      fault(
          "the key column " + column + " is a floating-point number, which can't be found again",
          "Take an integer, a decimal or a text as the key.");
    }
  }

  private void values(List<Map<String, @Nullable Object>> rows) {
    Set<String> seen = new HashSet<>();
    String repeated = "";
    int nulls = 0;
    int repeats = 0;
    for (Map<String, @Nullable Object> row : rows) {
      Optional<RecordKey> key = RecordKey.of(job.key(), row);
      nulls += key.isEmpty() ? 1 : 0;
      if (key.isPresent() && !seen.add(key.get().hash())) {
        repeats++;
        repeated = repeated.isEmpty() ? key.get().text() : repeated;
      }
    }
    String key = "the key " + String.join(", ", job.key());
    if (nulls > 0) {
      fault(
          key + " is NULL in " + nulls + " of the first " + rows.size() + " rows",
          "Leave such rows out: a record without a key can't be sent.");
    }
    if (repeats > 0) {
      fault(
          "%s is not unique: %d of the first %d rows repeat one, such as %s"
              .formatted(key, repeats, rows.size(), repeated),
          "Only the first row of a key would be sent: add columns to key= in job.properties, or"
              + " select one row for each key (a join may multiply them).");
    }
  }

  private void fault(String message, String remedy) {
    faults.add(new Fault(file, sql.line(), message, remedy));
  }
}
