package dev.caravan.report;

import static dev.caravan.report.Words.count;
import static dev.caravan.report.Words.number;

import dev.caravan.batch.Batch;
import dev.caravan.batch.BatchState;
import dev.caravan.batch.Outcome;
import dev.caravan.ledger.Reports;
import dev.caravan.report.RunReport.Cause;
import dev.caravan.report.RunReport.Todo;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** What a person must or may do after a run, with the exact commands. */
final class Todos {
  private static final int MAX_BATCHES = 10;
  private static final int MAX_CAUSES = 5;
  private static final int MAX_COMMANDS = 3;

  private final Facts facts;
  private final String job;

  Todos(Facts facts) {
    this.facts = facts;
    this.job = facts.job().name();
  }

  List<Todo> todo(List<Cause> causes) {
    List<Todo> todo = new ArrayList<>();
    paused(todo);
    held(todo);
    reportSql(todo);
    List<Cause> rejected = causes.stream().filter(c -> c.outcome().equals("rejected")).toList();
    notLoaded(todo, rejected.stream().filter(c -> Outcome.KEPT.contains(c.cause())).toList());
    rejected(todo, rejected.stream().filter(c -> !Outcome.KEPT.contains(c.cause())).toList());
    if (facts.requests().spent().unpriced() > 0) {
      todo.add(unpriced());
    }
    return todo;
  }

  private void paused(List<Todo> todo) {
    facts
        .pause()
        .ifPresent(
            pause ->
                todo.add(
                    new Todo(
                        true,
                        "The job is paused, nothing more of it is sent: "
                            + Words.line(pause.cause(), 500)
                            + " When that is settled:",
                        List.of("./caravan resume " + job))));
  }

  private void held(List<Todo> todo) {
    List<Batch> held = facts.batches().stream().filter(b -> b.state() == BatchState.HELD).toList();
    held.stream().limit(MAX_BATCHES).forEach(b -> todo.add(held(b)));
    if (held.size() > MAX_BATCHES) {
      todo.add(
          new Todo(
              true,
              count(held.size() - MAX_BATCHES, "more batch") + " held:",
              List.of("./caravan status " + job)));
    }
  }

  private Todo held(Batch batch) {
    String why = Words.line(Objects.requireNonNullElse(batch.detail(), cause(batch)), 400);
    String what =
        "Batch " + batch.nonce() + " (" + count(batch.requests(), "request") + ") is held: ";
    if (batch.msgbatchId() != null) {
      return new Todo(
          true,
          what
              + why
              + " Its answers are not lost; see what the API says of "
              + batch.msgbatchId()
              + ":",
          List.of("./caravan status " + job));
    }
    return new Todo(
        true,
        what
            + why
            + " Look for it in the Anthropic console, then say which batch it is, or that there is"
            + " none (its records are then sent again):",
        List.of(
            "./caravan adopt " + batch.nonce() + " MSGBATCH_ID",
            "./caravan adopt " + batch.nonce() + " none"));
  }

  private void reportSql(List<Todo> todo) {
    String error = facts.rows().error();
    if (error != null) {
      todo.add(
          new Todo(
              true,
              (facts.rows().total() == 0
                      ? "The rows of report.sql are missing: "
                      : "Only the first rows of report.sql are here: ")
                  + error
                  + " No mail_to of it was sent its rows. Fix config/jobs/"
                  + job
                  + "/report.sql, then:",
              List.of("./caravan check", "./caravan report " + job)));
    }
  }

  private void notLoaded(List<Todo> todo, List<Cause> causes) {
    if (!causes.isEmpty()) {
      todo.add(
          new Todo(
              false,
              rejected(causes)
                  + ". Their answers are kept: fix what the cause says, then load them without"
                  + " sending anything:",
              commands(causes)));
    }
  }

  private void rejected(List<Todo> todo, List<Cause> causes) {
    if (!causes.isEmpty()) {
      boolean hopeless = causes.stream().allMatch(c -> c.cause().equals("refusal"));
      todo.add(
          new Todo(
              false,
              rejected(causes)
                  + (hopeless
                      ? ". Unchanged, they would be refused again. Inspect one:"
                      : ". Look at one; where it can help, send them again:"),
              commands(causes)));
    }
  }

  /** Such as {@code 7 records rejected (4 invalid_output, 3 truncated)}. */
  private static String rejected(List<Cause> causes) {
    String named =
        causes.stream()
            .limit(MAX_CAUSES)
            .map(c -> number(c.count()) + " " + c.cause())
            .collect(Collectors.joining(", "));
    long total = causes.stream().mapToLong(Cause::count).sum();
    return count(total, "record")
        + " rejected ("
        + named
        + (causes.size() > MAX_CAUSES ? ", …)" : ")");
  }

  private List<String> commands(List<Cause> causes) {
    List<String> commands = new ArrayList<>();
    String key = causes.get(0).examples().get(0).key();
    // a key that had to be clipped for reading finds nothing
    if (facts.requests().examples().stream().anyMatch(e -> e.recordKey().equals(key))) {
      commands.add("./caravan show " + job + " " + Words.shell(key));
    }
    causes.stream()
        .filter(c -> !c.cause().equals("refusal"))
        .limit(MAX_COMMANDS)
        .map(c -> "./caravan retry " + job + " --cause " + Words.shell(c.cause()))
        .forEach(commands::add);
    return commands;
  }

  private Todo unpriced() {
    return new Todo(
        false,
        count(facts.requests().spent().unpriced(), "answer")
            + " unpriced, in no amount of this report: "
            + String.join("; ", unpricedCauses(facts.requests()))
            + ". What it cost stands in the Anthropic console.",
        List.of());
  }

  /** Why answers have no price, the most frequent causes with their number. */
  static List<String> unpricedCauses(Reports.Summary requests) {
    List<Reports.Unpriced> all = requests.unpricedCauses();
    List<String> causes = new ArrayList<>();
    all.stream()
        .limit(MAX_CAUSES)
        .forEach(c -> causes.add(Words.line(c.cause(), 200) + " (" + number(c.answers()) + ")"));
    if (all.size() > MAX_CAUSES) {
      causes.add(count(all.size() - MAX_CAUSES, "other cause"));
    }
    return causes;
  }

  private static String cause(Batch batch) {
    return Objects.requireNonNullElse(batch.cause(), "a person must decide.");
  }
}
