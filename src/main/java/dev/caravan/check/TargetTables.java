package dev.caravan.check;

import dev.caravan.ledger.Vendor;
import dev.caravan.settings.Fault;
import dev.caravan.settings.FaultsException;
import dev.caravan.settings.Job;
import dev.caravan.settings.SqlText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * On MariaDB, tables may be without transactions, and keys may be equal that differ: neither shows
 * before it costs rows.
 */
final class TargetTables {
  private static final Pattern TABLE =
      Pattern.compile(
          "(?is)\\b(?:update|insert\\s+(?:ignore\\s+)?into|replace\\s+into|delete\\s+from)\\s+"
              + "((?:[`\"]?[\\w$]+[`\"]?\\.)?[`\"]?[\\w$]+[`\"]?)");

  private final Job job;
  private final SourceSample sample;
  private final JdbcTemplate jdbc;
  private final List<Fault> faults = new ArrayList<>();

  private TargetTables(Job job, SourceSample sample, DataSource writer) {
    this.job = job;
    this.sample = sample;
    this.jdbc = new JdbcTemplate(writer);
  }

  static List<Fault> faults(Job job, SourceSample sample, DataSource writer, String url) {
    TargetTables tables = new TargetTables(job, sample, writer);
    if (Vendor.of(url) == Vendor.MARIADB) {
      tables.engines();
      tables.collations();
    }
    return tables.faults;
  }

  /** Tables that a statement changes. */
  static List<String> changedBy(SqlText statement) {
    Matcher table = TABLE.matcher(statement.text());
    return table.results().map(t -> t.group(1).replaceAll("[`\"]", "")).distinct().toList();
  }

  private void engines() {
    String file = "config/jobs/" + job.name() + "/load.sql";
    try {
      for (SqlText statement : SqlText.statements(file, job.loadSql())) {
        changedBy(statement).forEach(table -> engine(new SqlPlace(file, statement), table));
      }
    } catch (FaultsException told) {
      return;
    }
  }

  private void engine(SqlPlace place, String table) {
    String name = table.substring(table.indexOf('.') + 1);
    List<String> engines =
        jdbc.queryForList(
            "select engine from information_schema.tables where table_name = ?"
                + " and table_schema = coalesce(?, database()) and engine is not null",
            String.class,
            name,
            table.contains(".") ? table.substring(0, table.indexOf('.')) : null);
    engines.stream()
        .filter(engine -> !engine.equalsIgnoreCase("InnoDB"))
        .forEach(
            engine ->
                faults.add(
                    new Fault(
                        place.file(),
                        place.statement().line(),
                        "the table " + table + " has no transactions (engine " + engine + ")",
                        "alter table "
                            + table
                            + " engine=InnoDB: otherwise an answer could be applied"
                            + " twice, or by half.")));
  }

  /**
   * A collation that folds case or trailing blanks, on a key column that no unique index guards.
   */
  private void collations() {
    for (String key : job.key()) {
      String[] column = sample.tables().getOrDefault(key, ".").split("\\.", 2);
      List<Map<String, Object>> folding =
          jdbc.queryForList(
              "select c.collation_name as name from information_schema.columns c"
                  + " where c.table_schema = database() and c.table_name = ? and c.column_name = ?"
                  + " and c.collation_name not like '%nopad_bin' and not exists"
                  + " (select 1 from information_schema.statistics s where s.table_schema ="
                  + " c.table_schema and s.table_name = c.table_name and s.non_unique = 0 group by"
                  + " s.index_name having sum(s.column_name <> c.column_name) = 0)",
              column[0], column[1]);
      folding.forEach(found -> faults.add(folds(key, String.valueOf(found.get("name")))));
    }
  }

  private Fault folds(String key, String collation) {
    return Fault.in(
            "config/jobs/" + job.name() + "/load.sql",
            "the key column "
                + key
                + " has the collation "
                + collation
                + ", in which keys that differ in upper case or trailing blanks are equal, and no"
                + " unique index keeps such keys out",
            "Where keys may differ so, write where binary "
                + key
                + " = :key_"
                + key
                + ", or give the column a collation that ends in _nopad_bin.")
        .asWarning();
  }
}
