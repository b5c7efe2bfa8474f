package dev.caravan.bench;

import dev.caravan.testing.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How PostgreSQL runs every statement that Caravan has sent it: which indexes, and what in full.
 */
final class Plans {
  private static final Pattern SCAN =
      Pattern.compile(
          "(Seq Scan) on (\\w+)|(Index(?: Only)? Scan|Bitmap Index Scan)[\\w ]*? (?:using|on) (\\w+)");
  private static final int SHOWN = 140;

  private final TestDatabase admin;

  Plans(TestDatabase admin) {
    this.admin = admin;
  }

  /** From here on statements are counted. */
  void reset() {
    admin.query("select pg_stat_statements_reset()");
  }

  /** A line of a table for each statement on Caravan's tables, those that took most time first. */
  String table() {
    return admin
        .query(
            """
            select query, sum(calls) as calls, sum(total_exec_time) as total,
                   round((sum(total_exec_time) / sum(calls))::numeric, 3) as mean
            from pg_stat_statements
            where dbid = (select oid from pg_database where datname = current_database())
              and query ~* '^\\s*(select|insert|update|delete|with)\\y.*caravan_'
              and query !~* 'pg_|schema_history|information_schema|generate_series'
            group by query order by total desc""")
        .stream()
        .map(this::line)
        .collect(
            Collectors.joining(
                "\n", "| statement | calls | mean ms | plan |\n|---|--:|--:|---|\n", "\n"));
  }

  private String line(Map<String, Object> row) {
    String query = String.valueOf(row.get("query"));
    String text = query.replaceAll("\\s+", " ").replace("|", "\\|").strip();
    return "| `%s` | %s | %s | %s |"
        .formatted(
            text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text,
            row.get("calls"),
            row.get("mean"),
            plan(query));
  }

  /** What is scanned, as the plan for any parameters says it. */
  private String plan(String query) {
    try (Connection simple =
            DriverManager.getConnection(
                // statements whose parameters have no values can't be prepared
                admin.url() + "?preferQueryMode=simple", admin.user(), admin.password());
        Statement explain = simple.createStatement();
        ResultSet lines = explain.executeQuery("explain (generic_plan) " + typed(query))) {
      Set<String> scans = new TreeSet<>();
      while (lines.next()) {
        SCAN.matcher(lines.getString(1)).results().map(Plans::scan).forEach(scans::add);
      }
      return String.join(", ", scans);
    } catch (SQLException e) {
      return "(" + String.valueOf(e.getMessage()).lines().findFirst().orElse("") + ")";
    }
  }

  /** Which arrays were bound, which the counted text does not say. */
  private static String typed(String query) {
    return query
        .replaceAll("unnest\\((\\$\\d+)\\) as key", "unnest($1::text[]) as key")
        .replaceAll("unnest\\((\\$\\d+)\\) as number", "unnest($1::int[]) as number");
  }

  private static String scan(MatchResult found) {
    return found.group(1) != null ? "all of " + found.group(2) : found.group(4);
  }
}
