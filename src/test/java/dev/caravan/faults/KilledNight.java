package dev.caravan.faults;

import dev.caravan.simulator.Fault;
import dev.caravan.simulator.MovableClock;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TcpProxy;
import dev.caravan.testing.TestDatabase;
import dev.caravan.testing.TestMailServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.springframework.dao.DataAccessException;

/**
 * A small night in a process of its own, with everything in it that commits: several batches, a
 * record sent again, a rejected one, a mail. It is killed at one commit and finished by others.
 */
final class KilledNight implements AutoCloseable {
  private static final int RECORDS = 24;

  private final TestDatabase database;
  private final TcpProxy proxy;
  private final TestMailServer mail = TestMailServer.start();
  private final InvoiceNight night;
  private final Product product;
  private volatile String stage = "never";

  KilledNight(Path home, DatabaseVendor vendor) throws IOException {
    database = vendor.create();
    proxy = database.proxy();
    night =
        InvoiceNight.in(
                home,
                database,
                o -> o.withClock(MovableClock.running()).withProcessing(Duration.ZERO))
            .set("smtp.port", String.valueOf(mail.port()))
            .property("max-requests=9")
            .invoices(1, RECORDS);
    night.simulator().fault(new Fault.Errored(key(5), "api_error", null, null), 0, 1);
    night.simulator().fault(new Fault.Refusal(key(11), null), 0, 1);
    boolean postgres = vendor == DatabaseVendor.POSTGRESQL;
    product =
        new Product(night)
            .with("CARAVAN_DB_URL", database.urlBy(proxy) + (postgres ? PLAIN : ""))
            .with("CARAVAN_SMTP_HOST", "127.0.0.1")
            .with("CARAVAN_SMTP_PORT", String.valueOf(mail.port()))
            .with("CARAVAN_MAIL_TO", "ops@example.org");
  }

  private static final String PLAIN = "?sslmode=disable&gssEncMode=disable";

  private static Pattern key(int number) {
    return Pattern.compile("INV-" + number + "$");
  }

  /** Plays the night to its end; how many commits it took. */
  int untouched() throws InterruptedException {
    Commits commits = new Commits(database.vendor(), (n, load) -> Commits.Fate.PASS, () -> {});
    proxy.watch(commits::watch);
    int exit = product.await(product.start("night", InvoiceNight.JOB));
    if (exit != 2) {
      throw new AssertionError("exit " + exit + "\n" + product.log());
    }
    return commits.count();
  }

  /** Kills the night at its n-th commit; the stage it was in, {@code never} if it has fewer. */
  String killedAt(int commit, Commits.Fate fate) throws InterruptedException {
    CompletableFuture<Process> process = new CompletableFuture<>();
    Commits commits =
        new Commits(
            database.vendor(),
            (n, load) -> {
              if (n != commit) {
                return Commits.Fate.PASS;
              }
              stage = load ? "load" : stageNow();
              return fate;
            },
            () -> process.join().destroyForcibly());
    proxy.watch(commits::watch);
    process.complete(product.start("night", InvoiceNight.JOB));
    product.await(process.join());
    return stage;
  }

  /** Kills the night so long after its first row in the ledger. */
  String killedAfter(Duration wait) throws InterruptedException {
    proxy.watch(() -> new TcpProxy.Watch() {});
    Process process = product.start("night", InvoiceNight.JOB);
    while (process.isAlive() && !begun()) {
      process.waitFor(20, TimeUnit.MILLISECONDS);
    }
    process.waitFor(wait.toMillis(), TimeUnit.MILLISECONDS);
    process.destroyForcibly().waitFor();
    return stageNow();
  }

  /** Stops the night by a signal so long after its first row in the ledger; its exit code. */
  int stoppedAfter(Duration wait, String signal) throws InterruptedException, IOException {
    proxy.watch(() -> new TcpProxy.Watch() {});
    Process process = product.start("night", InvoiceNight.JOB);
    while (process.isAlive() && !begun()) {
      process.waitFor(20, TimeUnit.MILLISECONDS);
    }
    process.waitFor(wait.toMillis(), TimeUnit.MILLISECONDS);
    new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start().waitFor();
    return product.await(process);
  }

  private boolean begun() {
    try {
      return night.count("caravan_run") > 0;
    } catch (DataAccessException notYet) {
      return false;
    }
  }

  /** What the ledger shows, asked past the proxy. */
  private String stageNow() {
    try {
      if (night.count("caravan_run") == 0) {
        return "start";
      }
      if (night.count("caravan_run where state = 'extracting'") > 0) {
        return "extract";
      }
      if (night.count("caravan_batch where state in ('ready', 'submitting')") > 0) {
        return "submit";
      }
      if (night.count("caravan_batch where state = 'ended'") > 0) {
        return "collect";
      }
      if (night.count("caravan_batch where state in ('in_progress', 'canceling')") > 0) {
        return "poll";
      }
      return night.count("caravan_run where state = 'ended'") > 0 ? "report" : "resend";
    } catch (DataAccessException noTablesYet) {
      return "start";
    }
  }

  /** Other processes finish the night; nothing may be lost, applied twice or paid twice. */
  void finished(String fault) {
    proxy.watch(() -> new TcpProxy.Watch() {});
    if (begun()) {
      night.expireLeases();
    }
    night.fixture().clock().set(Instant.now());
    night.start();
    if (!begun()) {
      night.extract();
    }
    for (int i = 0; i < 60 && night.count("caravan_run where state <> 'ended'") > 0; i++) {
      night.expireLeases();
      for (var run : night.fixture().ledger().runs.abandoned()) {
        night.fixture().extract(InvoiceNight.JOB, Map.of("run", run));
      }
      night.tick().minutes(6);
    }
    // twins would turn up within 26 hours
    for (int i = 0; i < 3; i++) {
      night.advance(Duration.ofHours(9)).tick();
    }
    night.fixture().call("direct:send-mails");
    FaultTable.tried(fault, night);
  }

  InvoiceNight night() {
    return night;
  }

  Product product() {
    return product;
  }

  @Override
  public void close() throws IOException {
    try {
      night.close();
    } finally {
      proxy.close();
      mail.close();
      database.close();
    }
  }
}
