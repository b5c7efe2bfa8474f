package dev.caravan.check;

import dev.caravan.ledger.Ledger;
import dev.caravan.settings.Fault;
import dev.caravan.settings.FaultsException;
import dev.caravan.settings.Job;
import dev.caravan.settings.SqlText;
import java.util.List;
import org.springframework.dao.DataAccessException;

/** Runs a job's report.sql for a run that there is not. */
final class ReportSql {
  private static final long NO_RUN = -1;

  private ReportSql() {}

  static List<Fault> faults(Job job, Ledger ledger) {
    String sql = job.reportSql();
    if (sql == null) {
      return List.of();
    }
    String file = "config/jobs/" + job.name() + "/report.sql";
    try {
      ledger.sql(sql).param("run", NO_RUN).query(row -> {});
      return List.of();
    } catch (DataAccessException e) {
      return List.of(place(file, sql).fault(e, "Correct it: the mail would go without its rows."));
    }
  }

  /** Its only statement, unless it is broken in a way that was told already. */
  private static SqlPlace place(String file, String sql) {
    try {
      return new SqlPlace(file, SqlText.statements(file, sql).get(0));
    } catch (FaultsException told) {
      return new SqlPlace(file, new SqlText(sql, sql, List.of(), "select", 1));
    }
  }
}
