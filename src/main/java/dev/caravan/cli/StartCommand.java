package dev.caravan.cli;

import dev.caravan.Application;
import dev.caravan.batch.Alerts;
import dev.caravan.ledger.SqlFault;
import dev.caravan.reload.Editions;
import dev.caravan.reload.Reload;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;

/** The service: schedules fire until it is told to stop. */
@Command(name = "start", description = "Run as a service: schedules fire, batches are followed.")
final class StartCommand extends Verb {
  private static final Logger LOG = LoggerFactory.getLogger(StartCommand.class);
  private static final long LOOK_MS = 5_000;
  private boolean away;

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
      MissingRuns missing =
          new MissingRuns(session.ledger(), session.settings().healthGrace(), Clock.systemUTC());
      Reload reload = reload(session, application);
      LOG.info("Caravan is running. Jobs: {}. Ctrl-C stops it", session.jobs().names());
      firings
          .withoutRoute()
          .forEach(
              job ->
                  LOG.warn(
                      "Job {} does not run: there is no route {}-submit, see routes/jobs/{}.camel.yaml"
                          + " and ./caravan check",
                      job,
                      job,
                      job));
      Alerts alerts = application.bean("alerts", Alerts.class);
      while (!stop.asked()) {
        look(
            () -> {
              firings.missed();
              firings.abandoned();
              firings.skipped();
              reload.look();
              missing.tell(session.jobs(), alerts);
            });
        stop.await(LOOK_MS);
      }
    }
    return ExitCode.DONE;
  }

  private interface Look {
    void run() throws Exception;
  }

  /** A database that is away for a while ends no service: the next look comes. */
  private void look(Look work) throws Exception {
    try {
      work.run();
      away = false;
    } catch (RuntimeException e) {
      if (SqlFault.of(e) != SqlFault.TRANSIENT) {
        throw e;
      }
      if (!away) {
        LOG.warn("The database is away or busy ({}); Caravan waits for it", SqlFault.message(e));
      }
      away = true;
    }
  }

  private static Reload reload(Session session, Application application) {
    Editions editions =
        new Editions(
            session.settings(),
            session.jobs(),
            session.prices(),
            session.ledger().runs,
            session.ledger().batches,
            application.context(),
            Clock.systemDefaultZone());
    return new Reload(
        session.settings().home(), editions, application.bean("alerts", Alerts.class));
  }
}
