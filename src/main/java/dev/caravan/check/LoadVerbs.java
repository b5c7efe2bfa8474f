package dev.caravan.check;

import dev.caravan.settings.Fault;
import dev.caravan.settings.FaultsException;
import dev.caravan.settings.Job;
import dev.caravan.settings.SqlText;
import java.util.List;
import java.util.Set;

/** Statements of load.sql that would end the transaction they run in. */
final class LoadVerbs {
  private static final Set<String> ALLOWED =
      Set.of("insert", "update", "delete", "merge", "replace", "select", "values", "with", "call");

  private LoadVerbs() {}

  static List<Fault> faults(Job job) {
    String file = "config/jobs/" + job.name() + "/load.sql";
    try {
      return SqlText.statements(file, job.loadSql()).stream()
          .filter(statement -> !ALLOWED.contains(statement.verb()))
          .map(
              statement ->
                  new Fault(
                      file,
                      statement.line(),
                      "a statement begins with " + statement.verb(),
                      "load.sql only changes rows: anything else could end its transaction."))
          .toList();
    } catch (FaultsException told) {
      return List.of();
    }
  }
}
