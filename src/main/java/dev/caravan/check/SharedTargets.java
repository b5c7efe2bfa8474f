package dev.caravan.check;

import dev.caravan.settings.Fault;
import dev.caravan.settings.FaultsException;
import dev.caravan.settings.Job;
import dev.caravan.settings.SqlText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Jobs whose load.sql sets the same column of the same table: the later answer overwrites. */
final class SharedTargets {
  private SharedTargets() {}

  /** A warning for each job that sets what an earlier one sets, too. */
  static List<Fault> faults(List<Job> jobs) {
    Map<String, String> setBy = new HashMap<>();
    List<Fault> faults = new ArrayList<>();
    for (Job job : jobs) {
      for (String column : targets(job)) {
        String other = setBy.putIfAbsent(column, job.name());
        if (other != null && !other.equals(job.name())) {
          faults.add(
              Fault.in(
                      "config/jobs/" + job.name() + "/load.sql",
                      "sets " + column + ", as job " + other + " does",
                      "Where both send a record, the later answer overwrites the earlier one: give"
                          + " each job rows or columns of its own.")
                  .asWarning());
          break;
        }
      }
    }
    return faults;
  }

  private static List<String> targets(Job job) {
    try {
      List<String> targets = new ArrayList<>();
      for (SqlText statement : SqlText.statements(job.loadSql())) {
        if (statement.isUpdate()) {
          for (String table : TargetTables.changedBy(statement)) {
            String name = table.toLowerCase(Locale.ROOT);
            LoadedColumns.assigned(statement).forEach(column -> targets.add(name + "." + column));
          }
        }
      }
      return targets;
    } catch (FaultsException told) {
      return List.of();
    }
  }
}
