package dev.caravan.cli;

import dev.caravan.Application;
import dev.caravan.batch.Run;
import dev.caravan.extract.DryRun;
import dev.caravan.report.Words;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Extract and submit, then leave. */
@Command(name = "submit", description = "Extract and submit a job's records, then leave.")
final class SubmitCommand extends Verb {
  @Parameters(paramLabel = "JOB")
  String job = "";

  @Option(
      names = "--limit",
      paramLabel = "N",
      converter = Limit.class,
      description = "At most N records.")
  @Nullable Integer limit;

  @Option(names = "--dry-run", description = "Show the requests; claim and send nothing.")
  boolean dryRun;

  @Override
  ExitCode run(Session session) throws Exception {
    session.jobs().get(job);
    try (Application application = session.application(false)) {
      if (dryRun) {
        return dryRun(application);
      }
      Rounds rounds = new Rounds(application, session.ledger(), stop, Clock.systemUTC());
      Optional<Run> run;
      try (Progress progress = Progress.begin(session.ledger(), job)) {
        run = rounds.extract(job, limit);
        Session.call(application, "direct:submit", Map.of());
      }
      if (run.isEmpty()) {
        return notBegun(session, job);
      }
      out().result(new StatusText(session).of(job), new StatusModel(session).of(job));
      return new Standing(session.ledger()).of(run.get());
    }
  }

  private ExitCode dryRun(Application application) {
    var out = spec.commandLine().getOut();
    int most = limit == null ? Integer.MAX_VALUE : limit;
    int shown = application.bean("dryRun", DryRun.class).show(job, most, out::println);
    out.println(Words.count(shown, "record") + ". Nothing was claimed or sent.");
    out.flush();
    return ExitCode.DONE;
  }
}
