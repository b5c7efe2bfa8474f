package dev.caravan.settings;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Whether the SQL of a job is of the right kind, and something fills each of its parameters. */
final class JobSqlCheck {
  private static final Set<String> FROM_CARAVAN =
      Set.of("caravan_model", "caravan_batch", "caravan_cost_usd", "caravan_answered_at");

  private final Job job;
  private final String folder;
  private final List<Fault> faults = new ArrayList<>();

  JobSqlCheck(Job job, String folder) {
    this.job = job;
    this.folder = folder;
  }

  List<Fault> faults() {
    extractSql();
    loadSql();
    reportSql();
    return faults;
  }

  private void extractSql() {
    String file = folder + "extract.sql";
    for (SqlText select : oneSelect(file, job.extractSql(), Set.of("due", "night"))) {
      job.key().stream()
          .filter(column -> !mentions(select.text(), column))
          .forEach(
              column ->
                  fault(
                      file,
                      select.line(),
                      "the key column " + column + " is not selected",
                      "Add it, or change key= in job.properties."));
    }
  }

  private void reportSql() {
    if (job.reportSql() != null) {
      oneSelect(folder + "report.sql", job.reportSql(), Set.of("run", "started"));
    }
  }

  private List<SqlText> oneSelect(String file, String text, Set<String> known) {
    Optional<List<SqlText>> read = statements(file, text);
    if (read.isEmpty()) {
      return List.of();
    }
    List<SqlText> statements = read.get();
    if (statements.size() != 1 || !statements.get(0).isSelect()) {
      int line = statements.isEmpty() ? 0 : statements.get(statements.size() - 1).line();
      fault(file, line, "must be one SELECT", "Keep one SELECT, and remove the rest.");
    }
    statements.forEach(statement -> parameters(file, statement, known));
    return statements;
  }

  private void loadSql() {
    String file = folder + "load.sql";
    Optional<List<SqlText>> statements = statements(file, job.loadSql());
    if (statements.isPresent() && statements.get().isEmpty()) {
      fault(file, 0, "has no statement", "Write the UPDATE that takes an answer.");
    }
    boolean schemaKnown = !AnswerFields.of(job.schema()).isEmpty();
    Set<String> optional = AnswerFields.optional(job.schema());
    for (SqlText statement : statements.orElse(List.of())) {
      if (schemaKnown) {
        parameters(file, statement, known(statement));
        optional(file, statement, optional);
      }
      wholeTable(file, statement);
    }
  }

  /** What an answer, its key, its kept columns and Caravan give to a statement of load.sql. */
  private Set<String> known(SqlText statement) {
    Set<String> known = new TreeSet<>(FROM_CARAVAN);
    known.addAll(AnswerFields.of(job.schema()));
    job.key().forEach(column -> known.add("key_" + column));
    statement.parameters().stream()
        .filter(name -> name.startsWith("keep_") && mentions(job.extractSql(), name))
        .forEach(known::add);
    return known;
  }

  private void wholeTable(String file, SqlText statement) {
    boolean changes = statement.isUpdate() || statement.verb().equals("delete");
    if (changes
        && statement.parameters().stream()
            .noneMatch(p -> p.startsWith("key_") || p.startsWith("keep_"))) {
      fault(
          file,
          statement.line(),
          "each answer would change every row: no :key_… is in this " + statement.verb(),
          "Add where " + job.key().get(0) + " = :key_" + job.key().get(0) + ".");
    }
  }

  private void parameters(String file, SqlText statement, Set<String> known) {
    for (String parameter : new LinkedHashSet<>(statement.parameters())) {
      if (!known.contains(parameter)) {
        String remedy =
            parameter.startsWith("keep_")
                ? "Select a column of this name in extract.sql."
                : Nearest.remedy(parameter, known.stream().sorted().toList());
        fault(file, lineOf(statement, parameter), "nothing fills :" + parameter, remedy);
      }
    }
  }

  private void optional(String file, SqlText statement, Set<String> optional) {
    new LinkedHashSet<>(statement.parameters())
        .stream()
            .filter(optional::contains)
            .forEach(
                field ->
                    fault(
                        file,
                        lineOf(statement, field),
                        "an answer may come without " + field + ", and could not be loaded then",
                        "Add "
                            + field
                            + " to \"required\" in output.schema.json, with the type [\"…\","
                            + " \"null\"] where it may be unknown."));
  }

  private static int lineOf(SqlText statement, String parameter) {
    List<String> lines = statement.text().lines().toList();
    Pattern use = Pattern.compile("(?i)(?<!:):" + Pattern.quote(parameter) + "\\b");
    for (int i = 0; i < lines.size(); i++) {
      if (use.matcher(lines.get(i)).find()) {
        return statement.line() + i;
      }
    }
    return statement.line();
  }

  private Optional<List<SqlText>> statements(String file, String text) {
    try {
      return Optional.of(SqlText.statements(file, text));
    } catch (FaultsException e) {
      faults.addAll(e.faults());
      return Optional.empty();
    }
  }

  /** Offline, a {@code *} may stand for any column. */
  private static boolean mentions(String select, String column) {
    return select.contains("*")
        || Pattern.compile("(?i)\\b" + Pattern.quote(column) + "\\b").matcher(select).find();
  }

  private void fault(String file, int line, String message, String remedy) {
    faults.add(new Fault(file, line, message, remedy));
  }
}
