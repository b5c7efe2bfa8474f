package dev.caravan.check;

import dev.caravan.settings.Fault;
import dev.caravan.settings.FaultsException;
import dev.caravan.settings.Job;
import dev.caravan.settings.SqlText;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An answer that changes a row which extract.sql gives again makes its record look changed: it is
 * sent and paid every night.
 */
final class LoadedColumns {
  private static final Pattern SET = Pattern.compile("(?is)\\bset\\b(.*?)(\\bwhere\\b|$)");
  private static final Pattern ASSIGNED =
      Pattern.compile("(?:^|,)\\s*(?:\\w+\\.)?[`\"]?(\\w+)[`\"]?\\s*=");
  private static final Pattern WHERE = Pattern.compile("(?is).*?\\b(?:where|having|join)\\b(.*)");

  private final Job job;
  private final SourceSample sample;

  LoadedColumns(Job job, SourceSample sample) {
    this.job = job;
    this.sample = sample;
  }

  List<Fault> faults() {
    if (job.whenChanged() == Job.WhenChanged.SKIP) {
      return List.of();
    }
    String file = "config/jobs/" + job.name() + "/load.sql";
    try {
      List<SqlText> extract = SqlText.statements(job.extractSql());
      Optional<SqlText> update =
          SqlText.statements(file, job.loadSql()).stream().filter(SqlText::isUpdate).findFirst();
      return update.isEmpty() || extract.size() != 1
          ? List.of()
          : faults(file, update.get(), extract.get(0));
    } catch (FaultsException told) {
      return List.of();
    }
  }

  private List<Fault> faults(String file, SqlText update, SqlText extract) {
    List<String> set = assigned(update);
    List<String> tables = TargetTables.changedBy(update);
    List<String> read = set.stream().filter(column -> isRead(column, tables)).toList();
    boolean filtered = set.stream().anyMatch(column -> mentions(condition(extract), column));
    if (read.isEmpty() || filtered) {
      return List.of();
    }
    return List.of(
        new Fault(
                file,
                update.line(),
                "sets "
                    + String.join(", ", read)
                    + ", which extract.sql reads, and no condition of extract.sql leaves answered"
                    + " rows out: each night they count as changed, are sent and paid again",
                "Add a condition to extract.sql such as where "
                    + set.get(0)
                    + " is null, or leave "
                    + String.join(", ", read)
                    + " out, or set extract.when-changed=skip in job.properties.")
            .asWarning());
  }

  /** The columns that an UPDATE sets, in lower case. */
  static List<String> assigned(SqlText update) {
    Matcher set = SET.matcher(update.text());
    if (!set.find()) {
      return List.of();
    }
    String flat = set.group(1).replaceAll("--[^\\n]*", " ").replaceAll("\\([^()]*\\)", " ");
    return ASSIGNED
        .matcher(flat)
        .results()
        .map((MatchResult column) -> column.group(1).toLowerCase(Locale.ROOT))
        .toList();
  }

  /** By the name of the column in its table, where the driver tells it. */
  private boolean isRead(String column, List<String> tables) {
    return sample.tables().entrySet().stream()
        .anyMatch(
            read -> {
              String[] origin = read.getValue().toLowerCase(Locale.ROOT).split("\\.", 2);
              boolean known = !origin[0].isEmpty();
              return known
                  ? origin[1].equals(column)
                      && tables.stream()
                          .anyMatch(t -> t.toLowerCase(Locale.ROOT).endsWith(origin[0]))
                  : read.getKey().equals(column);
            });
  }

  private static String condition(SqlText extract) {
    Matcher where = WHERE.matcher(extract.text());
    return where.matches() ? where.group(1) : "";
  }

  private static boolean mentions(String text, String column) {
    return Pattern.compile("(?i)\\b" + Pattern.quote(column) + "\\b").matcher(text).find();
  }
}
