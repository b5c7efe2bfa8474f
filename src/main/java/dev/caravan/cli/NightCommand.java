package dev.caravan.cli;

import dev.caravan.Application;
import dev.caravan.batch.Run;
import dev.caravan.extract.AgainCount;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** One whole run in the foreground. */
@Command(
    name = "night",
    description = "A run in the foreground until every record is completed or rejected.")
final class NightCommand extends Verb {
  private static final Logger LOG = LoggerFactory.getLogger(NightCommand.class);

  @Parameters(paramLabel = "JOB")
  String job = "";

  @Option(
      names = "--limit",
      paramLabel = "N",
      converter = Limit.class,
      description = "At most N records.")
  @Nullable Integer limit;

  @Option(
      names = "--until",
      paramLabel = "HH:MM",
      description = "Stop at this time even if batches are still running.")
  @Nullable LocalTime until;

  @Option(names = "--again", description = "Send finished records again, too (paid again).")
  boolean again;

  @Option(
      names = "--key",
      paramLabel = "K",
      description = "With --again: only the record with this key.")
  @Nullable String key;

  @Option(names = "--yes", description = "With --again: don't ask.")
  boolean yes;

  @Override
  ExitCode run(Session session) throws Exception {
    if (!again && (key != null || yes)) {
      throw new ParameterException(
          spec.commandLine(), (yes ? "--yes" : "--key") + " belongs to --again");
    }
    ZoneId zone = session.jobs().get(job).zone();
    Clock clock = Clock.system(zone);
    try (Application application = session.application(false);
        Progress progress = Progress.begin(session.ledger(), job);
        Rounds rounds = new Rounds(application, session.ledger(), stop, clock)) {
      Instant deadline = until == null ? null : next(until, clock);
      if (again) {
        return again(session, application, rounds, progress, deadline);
      }
      Optional<Run> left = rounds.waiting(job);
      left.ifPresent(
          run -> LOG.info("Run {} of job {} is not finished and continues", run.id(), job));
      Optional<Run> tonight = left.filter(run -> isOfThisNight(run, session, clock));
      Optional<Run> run =
          tonight.isPresent() ? tonight : rounds.beside(() -> rounds.extract(job, limit));
      if (run.isEmpty()) {
        return notBegun(session, job);
      }
      List<Run> runs = Stream.concat(run.stream(), left.stream()).distinct().toList();
      for (Run one : runs) {
        rounds.untilEnded(one.id(), deadline);
      }
      return reported(session, application, progress, runs);
    }
  }

  /** The first of these runs is tonight's. */
  private ExitCode reported(
      Session session, Application application, Progress progress, List<Run> runs)
      throws Exception {
    progress.close();
    Session.call(application, "direct:report", Map.of("job", job));
    printReport(session, runs.get(0));
    return new Standing(session.ledger()).of(runs);
  }

  private ExitCode again(
      Session session,
      Application application,
      Rounds rounds,
      Progress progress,
      @Nullable Instant deadline)
      throws Exception {
    if (session.ledger().jobs.pause(job).isPresent()) {
      return notBegun(session, job);
    }
    Again wish = new Again(session, job, key, limit);
    AgainCount count = rounds.count(job, wish.only(), limit);
    new Question(System.in, spec.commandLine().getErr(), Boolean.getBoolean("caravan.input"))
        .confirm(wish.text(count), yes);
    session.ledger().actions.record("again", job, wish.detail(count));
    Optional<Run> run = rounds.beside(() -> rounds.finishedAgain(job, wish.only(), limit));
    if (run.isEmpty()) {
      return notBegun(session, job);
    }
    rounds.untilEnded(run.get().id(), deadline);
    return reported(session, application, progress, List.of(run.get()));
  }

  /** What is left of an earlier night goes on beside this one, which reads the source. */
  private static boolean isOfThisNight(Run run, Session session, Clock clock) {
    return Schedule.last(session.jobs().get(run.job()), clock.instant())
        .filter(run.dueAt()::isBefore)
        .isEmpty();
  }

  /** The next time the clock shows this. */
  static Instant next(LocalTime time, Clock clock) {
    ZonedDateTime today = LocalDate.now(clock).atTime(time).atZone(clock.getZone());
    ZonedDateTime next = today.toInstant().isAfter(clock.instant()) ? today : today.plusDays(1);
    return next.toInstant();
  }
}
