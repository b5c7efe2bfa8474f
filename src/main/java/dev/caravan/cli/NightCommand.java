package dev.caravan.cli;

import dev.caravan.Application;
import dev.caravan.batch.Run;
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

  @Option(names = "--until", paramLabel = "HH:MM", description = "Stop at this time even if batches are still running.")
  @Nullable LocalTime until;

  @Override
  ExitCode run(Session session) throws Exception {
    ZoneId zone = session.jobs().get(job).zone();
    Clock clock = Clock.system(zone);
    try (Application application = session.application(false);
        Progress progress = Progress.begin(session.ledger(), job);
        Rounds rounds = new Rounds(application, session.ledger(), stop, clock)) {
      Instant deadline = until == null ? null : next(until, clock);
      Optional<Run> left = rounds.waiting(job);
      left.ifPresent(
          run -> LOG.info("Run {} of job {} is not finished and continues", run.id(), job));
      Optional<Run> tonight = left.filter(run -> isOfThisNight(run, session, clock));
      Optional<Run> run = tonight.isPresent() ? tonight : rounds.extractBeside(job, limit);
      if (run.isEmpty()) {
        return notBegun(session, job);
      }
      List<Run> runs = Stream.concat(run.stream(), left.stream()).distinct().toList();
      for (Run one : runs) {
        rounds.untilEnded(one.id(), deadline);
      }
      progress.close();
      Session.call(application, "direct:report", Map.of("job", job));
      printReport(session, run.get());
      return new Standing(session.ledger()).of(runs);
    }
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
