package dev.caravan.faults;

import dev.caravan.cli.Firings;
import dev.caravan.simulator.Fault;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TcpProxy;
import dev.caravan.testing.TestDatabase;
import dev.caravan.testing.TestMailServer;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A small night in this process, whose database goes away at one commit of one stage and is back
 * for the next: the process lives on, its leases too, and its next ticks go on by themselves.
 */
final class AwayNight implements AutoCloseable {
  static final List<String> STAGES =
      List.of("extract", "submit", "poll", "collect", "load", "resend", "report");

  private static final int RECORDS = 24;
  private static final String PLAIN = "?sslmode=disable&gssEncMode=disable";

  private final TestDatabase database;
  private final TcpProxy proxy;
  private final TestMailServer mail = TestMailServer.start();
  private final InvoiceNight night;
  private volatile String stage = "start";
  private volatile boolean armed;

  /** The stage of every commit so far, the presence of this process left out. */
  private final List<String> commits = new ArrayList<>();

  AwayNight(Path home, DatabaseVendor vendor) throws IOException {
    database = vendor.create();
    proxy = database.proxy();
    night =
        InvoiceNight.in(home, database)
            .set(
                "db.url",
                database.urlBy(proxy) + (vendor == DatabaseVendor.POSTGRESQL ? PLAIN : ""))
            .set("smtp.port", String.valueOf(mail.port()))
            .set("load.chunk", "10")
            .set("extract.chunk", "10")
            .property("max-requests=9")
            .invoices(1, RECORDS);
    night
        .simulator()
        .fault(new Fault.Errored(Pattern.compile("INV-5$"), "api_error", null, null), 0, 1);
    night.simulator().fault(new Fault.Refusal(Pattern.compile("INV-11$"), null), 0, 1);
  }

  /** The stages of the night's commits, when nothing goes wrong. */
  List<String> untouched() {
    play((n, at) -> Commits.Fate.PASS);
    return commits;
  }

  /** Plays the night with the database away at the n-th commit of a stage. */
  void away(String where, int nth, Commits.Fate fate) {
    play(
        (n, at) ->
            at.equals(where) && commits.stream().filter(where::equals).count() == nth
                ? fate
                : Commits.Fate.PASS);
    FaultTable.tried("database away: " + where, night);
  }

  private interface Plan {
    Commits.Fate of(int n, String stage);
  }

  private void play(Plan plan) {
    proxy.watch(new Commits(database.vendor(), (n, load) -> fate(plan, load), this::goAway)::watch);
    night.start();
    armed = true;
    step("extract", night::extract);
    for (int i = 0; i < 30 && !over(); i++) {
      step("extract", this::extractAgain);
      step("resend", night::resend);
      step("submit", night::submit);
      night.minutes(6);
      step("poll", night::poll);
      step("collect", night::collect);
    }
    for (int i = 0; i < 3; i++) {
      step("report", this::report);
      night.minutes(3);
    }
    armed = false;
  }

  private boolean over() {
    return night.count("caravan_run") == 1
        && night.count("caravan_run where state <> 'ended'") == 0;
  }

  private synchronized Commits.Fate fate(Plan plan, boolean load) {
    if (!armed) {
      return Commits.Fate.PASS;
    }
    String at = load ? "load" : stage;
    commits.add(at);
    return plan.of(commits.size(), at);
  }

  /** For the rest of the stage; shorter for a load, which waits for the database. */
  private void goAway() {
    armed = false;
    proxy.away();
    CompletableFuture.runAsync(
        proxy::back, CompletableFuture.delayedExecutor(900, TimeUnit.MILLISECONDS));
  }

  /** A tick of the service: its failure is logged, the next one comes. */
  private void step(String name, Runnable work) {
    stage = name;
    try {
      work.run();
    } catch (RuntimeException e) {
      proxy.back();
    }
  }

  private void extractAgain() {
    // what waits by the database's clock
    database.execute(
        "update caravan_run set lease_until = null where owner is null and lease_until is not null");
    var fixture = night.fixture();
    try {
      new Firings(
              fixture.application(),
              fixture.ledger(),
              fixture.jobs(),
              Duration.ofHours(6),
              fixture.clock())
          .abandoned();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void report() {
    database.execute("update caravan_mail set next_try_at = timestamp '2020-01-01 00:00:00'");
    var done = night.fixture().application().call("direct:report", Map.of("job", InvoiceNight.JOB));
    if (done.getException() != null) {
      throw new IllegalStateException(done.getException());
    }
  }

  InvoiceNight night() {
    return night;
  }

  /**
   * Message-IDs of the reports that arrived; a mail whose acceptance was not booked comes again.
   */
  Set<String> reports() throws MessagingException {
    Set<String> ids = new HashSet<>();
    for (MimeMessage message : mail.messages()) {
      if (!message.getSubject().contains("could not be made")) {
        ids.add(message.getMessageID());
      }
    }
    return ids;
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
