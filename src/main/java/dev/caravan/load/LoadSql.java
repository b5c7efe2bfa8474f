package dev.caravan.load;

import dev.caravan.settings.Job;
import dev.caravan.settings.JobCatalog;
import dev.caravan.settings.SqlText;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.apache.camel.Body;
import org.apache.camel.Variable;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Runs a job's {@code load.sql} for a chunk of answers, statement by statement in JDBC batches, and
 * sees the update count of every record.
 */
public final class LoadSql {
  /** Statements that must change a row when they are the first to write; a DELETE need not. */
  private static final Set<String> WRITES = Set.of("insert", "merge", "replace", "update");

  private final JdbcTemplate jdbc;
  private final JobCatalog jobs;

  /** {@code writer} is the data source whose transaction the caller has begun. */
  public LoadSql(DataSource writer, JobCatalog jobs) {
    this.jdbc = new JdbcTemplate(writer);
    this.jobs = jobs;
  }

  /**
   * Writes the answers.
   *
   * @param answers parameters of each record by name: {@code <field>}, {@code key_…}, {@code
   *     keep_…}, {@code caravan_…}
   * @throws NotLoaded when an UPDATE, or the first statement that writes, changed no row of a
   *     record, or its first UPDATE more than one
   * @throws LoadHalted when a parameter has no value, which is no record's fault
   */
  public void execute(
      @Body List<Map<String, @Nullable Object>> answers, @Variable("job") String name) {
    Job job = jobs.get(name);
    String file = "config/jobs/" + name + "/load.sql";
    boolean firstUpdate = true;
    boolean firstWrite = true;
    for (SqlText statement : SqlText.statements(file, job.loadSql())) {
      int[] counts = jdbc.batchUpdate(statement.jdbc(), values(statement, answers, file));
      boolean writes = WRITES.contains(statement.verb());
      if (statement.isUpdate() || (writes && firstWrite)) {
        boolean exactlyOne = statement.isUpdate() && firstUpdate && !job.severalRows();
        check(counts, answers, exactlyOne, place(file, statement));
      }
      firstUpdate &= !statement.isUpdate();
      firstWrite &= !writes;
    }
  }

  private static String place(String file, SqlText statement) {
    return file + ":" + statement.line() + ": the " + statement.verb().toUpperCase(Locale.ROOT);
  }

  private static List<@Nullable Object[]> values(
      SqlText statement, List<Map<String, @Nullable Object>> answers, String file) {
    return answers.stream().map(answer -> values(statement, answer, file)).toList();
  }

  private static @Nullable Object[] values(
      SqlText statement, Map<String, @Nullable Object> answer, String file) {
    return statement.parameters().stream()
        .map(
            name -> {
              if (!answer.containsKey(name)) {
                throw new LoadHalted(
                    file
                        + ":"
                        + statement.line()
                        + ": there is no value for :"
                        + name
                        + "; there are "
                        + answer.keySet(),
                    null);
              }
              return answer.get(name);
            })
        .toArray();
  }

  private static void check(
      int[] counts, List<Map<String, @Nullable Object>> answers, boolean exactlyOne, String where) {
    if (Arrays.stream(counts).anyMatch(count -> count < 0)) {
      throw new LoadHalted(
          where
              + " gives no update counts, so rows that are missed could not be seen;"
              + " take options such as useBulkStmts out of db.url",
          null);
    }
    Set<Integer> none = places(counts, 0, 0);
    if (!none.isEmpty()) {
      throw notLoaded(none, answers, where + " changed no row");
    }
    Set<Integer> several = exactlyOne ? places(counts, 2, Integer.MAX_VALUE) : Set.of();
    if (!several.isEmpty()) {
      throw notLoaded(
          several,
          answers,
          where + " changed several rows; if that is right, set load.several-rows=allow");
    }
  }

  private static NotLoaded notLoaded(
      Set<Integer> places, List<Map<String, @Nullable Object>> answers, String message) {
    return new NotLoaded(places, places.stream().map(answers::get).toList(), message);
  }

  private static Set<Integer> places(int[] counts, int least, int most) {
    Set<Integer> places = new LinkedHashSet<>();
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] >= least && counts[i] <= most) {
        places.add(i);
      }
    }
    return places;
  }
}
