package dev.caravan.report;

import dev.caravan.api.NotConnected;
import dev.caravan.batch.Run;
import dev.caravan.ledger.Runs;
import dev.caravan.settings.Secret;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.util.ObjectHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sign of a good night for a push monitor: one GET for each run that has ended and is reported,
 * of a job that waits for nobody. The monitor raises the alarm when it stays away.
 */
public final class Heartbeat {
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
  private static final Duration TRIED = Duration.ofDays(1);
  private static final Duration AGAIN = Duration.ofMinutes(5);

  private final Runs runs;
  private final Secret url;
  private final Clock clock;
  private volatile Instant notBefore = Instant.MIN;

  /** {@code url} is empty where there is no monitor; it often is all that protects the monitor. */
  public Heartbeat(Runs runs, Secret url, Clock clock) {
    this.runs = runs;
    this.url = url;
    this.clock = clock;
  }

  /** Runs whose good end is to be told; a day after it is too late. */
  public List<Run> due() {
    return url.isEmpty() || clock.instant().isBefore(notBefore)
        ? List.of()
        : runs.withoutHeartbeat(TRIED);
  }

  /** The URL goes into a variable, never into a route file or a log. */
  public void prepare(@Body Run run, Exchange exchange) {
    exchange.setVariable("run", run);
    exchange.setVariable("monitor", url.reveal());
    exchange.getMessage().setBody(null);
  }

  /** The monitor has it. */
  public void told(Exchange exchange) {
    Run run = exchange.getVariable("run", Run.class);
    runs.heartbeat(run.id());
    LOG.info("Pinged heartbeat.url for run {} of job {}", run.id(), run.job());
  }

  /** It is told again in five minutes. */
  public void failed(Exchange exchange) {
    Run run = exchange.getVariable("run", Run.class);
    Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    notBefore = clock.instant().plus(AGAIN);
    LOG.warn(
        "heartbeat.url did not take the ping for run {} of job {} ({}); it is pinged again",
        run.id(),
        run.job(),
        why(failure));
  }

  /** Never the message of just any failure, which may have the URL in it. */
  private static String why(Throwable failure) {
    NotConnected told = ObjectHelper.getException(NotConnected.class, failure);
    if (told != null) {
      return told.getMessage();
    }
    return failure instanceof HttpOperationFailedException http
        ? "HTTP " + http.getStatusCode()
        : failure.getClass().getSimpleName();
  }
}
