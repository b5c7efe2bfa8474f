package dev.caravan.cli;

import dev.caravan.Application;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;

/** The service: schedules fire until it is told to stop. */
@Command(name = "start", description = "Run as a service: schedules fire, batches are followed.")
final class StartCommand extends Verb {
  private static final Logger LOG = LoggerFactory.getLogger(StartCommand.class);
  private static final long LOOK_MS = 5_000;

  @Override
  ExitCode whenStopped() {
    return ExitCode.DONE;
  }

  @Override
  ExitCode run(Session session) throws Exception {
    try (Application application = session.application(true)) {
      Firings firings =
          new Firings(
              application,
              session.ledger(),
              session.jobs(),
              session.settings().misfireWithin(),
              Clock.systemUTC());
      LOG.info("Caravan is running. Jobs: {}. Ctrl-C stops it", session.jobs().names());
      firings.missed();
      while (!stop.asked()) {
        firings.abandoned();
        stop.await(LOOK_MS);
      }
    }
    return ExitCode.DONE;
  }
}
