package dev.caravan.check;

import dev.caravan.ledger.Ledger;
import dev.caravan.settings.Fault;
import dev.caravan.settings.FaultsException;
import dev.caravan.settings.Job;
import dev.caravan.settings.SqlText;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.dao.DataAccessException;

/** Runs a job's report.sql for a run that there is not. */
final class ReportSql {
  private static final long NO_RUN = -1;
  private static final Pattern WITH = Pattern.compile("(?i)^\\s*with\\s+(?:recursive\\s+)?");
  private static final String EMPTY =
      """
      caravan_record as (
        select cast(1 as decimal(19)) as run_id, cast(1 as decimal(19)) as n, '' as nonce, '' as job,
          '' as record_key, '' as key_hash, '' as row_hash, '' as row_values, 1 as submission,
          1 as attempt, '' as custom_id, '' as outcome, '' as cause, '' as detail, '' as model,
          1 as max_tokens, cast(0 as decimal(20, 12)) as cost_usd, current_timestamp as answered_at
        where 1 = 0)""";

  private ReportSql() {}

  /** {@code hasLedger} tells whether caravan_record is there; else an empty one stands in. */
  static List<Fault> faults(Job job, Ledger ledger, boolean hasLedger) {
    String sql = job.reportSql();
    if (sql == null) {
      return List.of();
    }
    String file = "config/jobs/" + job.name() + "/report.sql";
    SqlPlace place = place(file, sql);
    try {
      String text = hasLedger ? sql : withEmptyLedger(place.statement().text());
      ledger
          .sql(text)
          .param("run", NO_RUN)
          .param("started", ledger.vendor().instant(Instant.EPOCH, job.zone(), Instant.EPOCH))
          .query(row -> {});
      return List.of();
    } catch (DataAccessException e) {
      boolean ours =
          !hasLedger && SqlPlace.message(e).toLowerCase(Locale.ROOT).contains("caravan_");
      return ours
          ? List.of()
          : List.of(place.fault(e, "Correct it: the mail would go without its rows."));
    }
  }

  private static String withEmptyLedger(String sql) {
    Matcher with = WITH.matcher(sql);
    return with.find()
        ? with.group() + EMPTY + ", " + sql.substring(with.end())
        : "with " + EMPTY + " " + sql;
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
