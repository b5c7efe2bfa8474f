package dev.caravan.check;

import dev.caravan.LedgerBeans;
import dev.caravan.ledger.LedgerDdl;
import dev.caravan.settings.Fault;
import dev.caravan.settings.FaultsException;
import dev.caravan.settings.Job;
import dev.caravan.settings.JobReader;
import dev.caravan.settings.Settings;
import dev.caravan.settings.SettingsReader;
import dev.caravan.settings.SqlText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** {@code ./caravan check --ddl}: the SQL that a database administrator needs. */
public final class Ddl {
  private static final Pattern READ = Pattern.compile("(?i)\\b(?:from|join)\\s+([`\"\\w$.]+)");

  private Ddl() {}

  /**
   * The SQL for the target database as it is now.
   *
   * @throws FaultsException when settings are wrong, or the database can't be reached
   */
  public static String of(
      Path home, Map<String, String> environment, Map<String, String> overrides) {
    List<Fault> noted = new ArrayList<>();
    Settings settings =
        DatabaseAccess.withLogin(SettingsReader.read(home, environment, overrides), noted);
    List<Fault> faults = DatabaseAccess.faults("CARAVAN_DB_", settings.target());
    if (!noted.isEmpty() || !faults.isEmpty()) {
      throw new FaultsException(noted.isEmpty() ? faults : noted);
    }
    try (LedgerBeans beans = new LedgerBeans(settings)) {
      String sql = new LedgerDdl(beans.tables, beans.ledger, settings.target().schema()).sql();
      return sql + "\n" + String.join("\n", tables(home)) + "\n";
    }
  }

  private static List<String> tables(Path home) {
    TreeSet<String> read = new TreeSet<>();
    TreeSet<String> changed = new TreeSet<>();
    for (String name : JobReader.names(home)) {
      try {
        Job job = JobReader.read(home, name);
        READ.matcher(job.extractSql()).results().forEach(table -> read.add(table.group(1)));
        SqlText.statements(job.loadSql())
            .forEach(statement -> changed.addAll(TargetTables.changedBy(statement)));
      } catch (FaultsException told) {
        // ./caravan check tells what is wrong with this job
      }
    }
    List<String> lines = new ArrayList<>();
    lines.add("-- In addition, what the jobs of this installation use (taken from their SQL):");
    read.forEach(table -> lines.add("-- grant select on " + table + " to <account>;"));
    changed.forEach(
        table -> lines.add("-- grant select, insert, update on " + table + " to <account>;"));
    return lines;
  }
}
