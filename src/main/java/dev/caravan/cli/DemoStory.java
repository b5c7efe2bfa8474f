package dev.caravan.cli;

import dev.caravan.LedgerBeans;
import dev.caravan.batch.Batch;
import dev.caravan.batch.Run;
import dev.caravan.ledger.Reports;
import java.io.PrintWriter;
import java.nio.file.Path;

/** What the demo tells, stage by stage. */
final class DemoStory {
  private final LedgerBeans ledger;
  private final PrintWriter out;

  DemoStory(LedgerBeans ledger, PrintWriter out) {
    this.ledger = ledger;
    this.out = out;
  }

  void begin(int rows) {
    say(
        "demo     "
            + rows
            + " supplier invoices in an embedded database; the API is simulated, so"
            + " nothing is sent out or paid");
  }

  void extracted(Run run) {
    Run now = ledger.runs.get(run.id());
    say(
        "extract  "
            + now.counts().read()
            + " rows read, each claimed in the ledger and rendered from"
            + " config/jobs/invoices/prompt.md");
    ledger
        .batches
        .ofRun(run.id())
        .forEach(
            b ->
                say(
                    "         batch "
                        + b.nonce()
                        + ": "
                        + b.requests()
                        + " requests, "
                        + b.bytes() / 1000
                        + " kB, ready"));
  }

  void submitted(Run run) {
    for (Batch batch : ledger.batches.ofRun(run.id())) {
      say(
          "submit   one POST; batch "
              + batch.nonce()
              + " is "
              + batch.msgbatchId()
              + ", "
              + batch.state().text());
    }
    say("poll     waiting until the batch has ended (at the API: minutes to 24 hours)");
  }

  void collected(Run run) {
    Reports.Records records = ledger.reports.records(run.id());
    say(
        "collect  results downloaded, each answer held against output.schema.json; "
            + records.retried()
            + " was cut off and sent again with more max_tokens");
    say(
        "load     "
            + records.completed()
            + " answers in their rows by load.sql, in one transaction"
            + " with the ledger; "
            + records.rejected()
            + " rejected");
  }

  void end(Path shownHome, Path home, Path html) {
    Path base = shownHome.toAbsolutePath().normalize();
    say("Look at");
    say("  the mail    " + base.relativize(html));
    say(
        "  the spool   "
            + base.relativize(home.resolve("data/spool"))
            + "  requests as sent, results as received");
    say("  the ledger  " + base.relativize(home.resolve("data/ledger.mv.db")) + "  (H2), or:");
    say("              ./caravan --home " + base.relativize(home) + " status");
    say("              ./caravan --home " + base.relativize(home) + " show invoices INV-003");
    say(
        "  by SQL      any SQL client with H2, as CARAVAN with the password in "
            + base.relativize(home.resolve("data/ledger.password"))
            + ":");
    say("              jdbc:h2:file:" + home.resolve("data/ledger") + ";AUTO_SERVER=TRUE");
    say("Next: your own database in five minutes, see README.md");
  }

  private void say(String line) {
    out.println(line);
    out.flush();
  }
}
