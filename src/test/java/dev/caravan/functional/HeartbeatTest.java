package dev.caravan.functional;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.caravan.cli.MissingRuns;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;

/** A monitor is told of good nights, and a night that did not happen is told of. */
class HeartbeatTest {
  @TempDir Path home;

  /** A push monitor that keeps the paths it was asked for. */
  private static final class Monitor implements AutoCloseable {
    private final ConcurrentLinkedQueue<String> calls = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answer = new AtomicInteger(200);
    private final HttpServer server;

    Monitor() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            calls.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            exchange.sendResponseHeaders(answer.get(), -1);
            exchange.close();
          });
      server.start();
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort() + "/ping/secret?a=1";
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }

  /** Three invoices, and a monitor that is told of good nights. */
  private InvoiceNight watched(TestDatabase database, Monitor monitor) throws IOException {
    return InvoiceNight.in(home, database)
        .set("heartbeat.url", monitor.url())
        .invoices(1, 3)
        .start();
  }

  private static void report(InvoiceNight night) {
    night.fixture().application().call("direct:report", Map.of("job", InvoiceNight.JOB));
    night.fixture().call("direct:heartbeat");
  }

  @EachDatabase
  void eachGoodNightIsToldOnce(TestDatabase database) throws Exception {
    try (Monitor monitor = new Monitor();
        InvoiceNight night = watched(database, monitor)) {
      night.extract().submit();
      report(night);
      assertThat(monitor.calls).as("batches still run").isEmpty();
      night.untilDone();
      report(night);
      night.minutes(6);
      report(night);
      assertThat(monitor.calls).containsExactly("GET /ping/secret?a=1");
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void aMonitorThatFailsIsToldAgainAndDisturbsNothing(TestDatabase database) throws Exception {
    try (Monitor monitor = new Monitor();
        InvoiceNight night = watched(database, monitor)) {
      monitor.answer.set(500);
      night.extract().submit().untilDone();
      report(night);
      report(night);
      assertThat(monitor.calls).hasSize(1);
      monitor.answer.set(204);
      night.minutes(6);
      report(night);
      report(night);
      assertThat(monitor.calls).hasSize(2);
      assertThat(night.count("invoices where loads = 1")).isEqualTo(3);
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void aNightThatWaitsForAPersonIsNotTold(TestDatabase database) throws Exception {
    try (Monitor monitor = new Monitor();
        InvoiceNight night = watched(database, monitor)) {
      night.extract().submit().untilDone();
      night.fixture().ledger().jobs.pause(InvoiceNight.JOB, "by a person");
      report(night);
      assertThat(monitor.calls).isEmpty();
      night.resume();
      report(night);
      assertThat(monitor.calls).hasSize(1);
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void aDueRunThatDidNotHappenIsToldOnceItsGraceIsOver(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 3).start()) {
      MissingRuns missing =
          new MissingRuns(
              night.fixture().ledger(), Duration.ofMinutes(30), night.fixture().clock());
      var job = night.fixture().jobs().get(InvoiceNight.JOB);
      night.advance(Duration.ofDays(2));
      assertThat(missing.of(job)).as("it never ran").isEmpty();
      night.extract().submit().untilDone();
      assertThat(missing.of(job)).as("it has just run").isEmpty();
      night.advance(Duration.ofDays(2));
      assertThat(missing.of(job)).isPresent();
      night.fixture().ledger().jobs.pause(InvoiceNight.JOB, "by a person");
      assertThat(missing.of(job)).as("paused").isEmpty();
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void aNightThatIsReportedDaysLaterIsToldThen(TestDatabase database) throws Exception {
    try (Monitor monitor = new Monitor();
        InvoiceNight night = watched(database, monitor)) {
      night.extract().submit().untilDone();
      night.endedAgo(Duration.ofHours(30));
      report(night);
      assertThat(monitor.calls).hasSize(1);
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void recordsThatAPersonAskedForAreNoNight(TestDatabase database) throws Exception {
    try (Monitor monitor = new Monitor();
        InvoiceNight night = watched(database, monitor)) {
      MissingRuns missing =
          new MissingRuns(
              night.fixture().ledger(), Duration.ofMinutes(30), night.fixture().clock());
      var job = night.fixture().jobs().get(InvoiceNight.JOB);
      night.extract().submit().untilDone();
      report(night);
      assertThat(monitor.calls).hasSize(1);
      night.advance(Duration.ofDays(2));
      night
          .fixture()
          .extract(
              InvoiceNight.JOB,
              Map.of("due", night.fixture().clock().instant(), "only", Set.of("a key")));
      night.submit().untilDone();
      report(night);
      assertThat(monitor.calls).as("no good night").hasSize(1);
      assertThat(missing.of(job)).as("the night that did not happen").isPresent();
    }
  }
}
