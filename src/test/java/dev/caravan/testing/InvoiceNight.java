package dev.caravan.testing;

import dev.caravan.batch.Batch;
import dev.caravan.simulator.MovableClock;
import dev.caravan.simulator.Simulator;
import dev.caravan.simulator.SimulatorOptions;
import dev.caravan.submit.Adoption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.camel.Exchange;

/**
 * Nights of the shipped job {@code invoices} under faults: one standing clock for Caravan and the
 * simulator, batches that take a minute, and a target table that counts how often each row was
 * loaded. Closing it checks {@link LedgerRules}.
 */
public final class InvoiceNight implements AutoCloseable {
  public static final String JOB = "invoices";
  private static final String TABLE =
      "create table invoices(invoice_no varchar(60) primary key, vendor varchar(200), description"
          + " %s, amount numeric(12,2), received_on date, department varchar(60), extracted_amount"
          + " numeric(12,2), summary varchar(500), approval_required boolean, processed_at"
          + " timestamp null, loads integer default 0)";

  private final NightFixture fixture;
  private boolean checked = true;

  private InvoiceNight(NightFixture fixture) {
    this.fixture = fixture;
  }

  public static InvoiceNight in(Path home, TestDatabase database) throws IOException {
    return in(home, database, options -> options);
  }

  public static InvoiceNight in(
      Path home, TestDatabase database, UnaryOperator<SimulatorOptions> simulator)
      throws IOException {
    database.execute(TABLE.formatted(bigText(database)));
    SimulatorOptions options =
        SimulatorOptions.defaults()
            .withProcessing(Duration.ofMinutes(1))
            .withClock(MovableClock.stoppedAt(NightFixture.DUE));
    NightFixture fixture =
        NightFixture.in(home, database, Simulator.start(simulator.apply(options)));
    InvoiceNight night = new InvoiceNight(fixture);
    String load = Files.readString(night.jobFile("load.sql"));
    night.write(
        "load.sql", load.replace("set department ", "set loads = loads + 1,\n    department "));
    return night;
  }

  /** What this database calls a text of any length. */
  public static String bigText(TestDatabase database) {
    return switch (database.vendor()) {
      case H2 -> "clob";
      case POSTGRESQL -> "text";
      case MARIADB -> "longtext";
    };
  }

  public NightFixture fixture() {
    return fixture;
  }

  public Simulator simulator() {
    return fixture.simulator();
  }

  public TestDatabase database() {
    return fixture.database();
  }

  public InvoiceNight set(String key, String value) {
    fixture.set(key, value);
    return this;
  }

  private Path jobFile(String name) {
    return fixture.home().resolve("config/jobs").resolve(JOB).resolve(name);
  }

  /** Replaces a file of the job; taken at the next {@link #start}. */
  public InvoiceNight write(String name, String text) throws IOException {
    Files.writeString(jobFile(name), text);
    return this;
  }

  /** Changes a line of job.properties. */
  public InvoiceNight edit(String line, String other) throws IOException {
    Path file = jobFile("job.properties");
    String text = Files.readString(file);
    if (!text.contains("\n" + line + "\n")) {
      throw new IllegalArgumentException("job.properties has no line " + line);
    }
    Files.writeString(file, text.replace("\n" + line + "\n", "\n" + other + "\n"));
    return this;
  }

  /** Adds a line to job.properties. */
  public InvoiceNight property(String line) throws IOException {
    Path file = jobFile("job.properties");
    Files.writeString(file, Files.readString(file) + "\n" + line + "\n");
    return this;
  }

  /** Replaces the job's load route by these steps (YAML, not indented). */
  public InvoiceNight loadRoute(String steps) throws IOException {
    Path file = fixture.home().resolve("routes/jobs/invoices.camel.yaml");
    String text = Files.readString(file);
    String label = "steps:\n";
    int from = text.indexOf(label, text.indexOf("uri: direct:invoices-load")) + label.length();
    int to = text.indexOf("- route:", from);
    Files.writeString(file, text.substring(0, from) + steps.indent(8) + text.substring(to));
    return this;
  }

  /** Inserts steps (YAML, not indented) before the first of a route. */
  public InvoiceNight firstSteps(String route, String steps) throws IOException {
    Path file = fixture.home().resolve("routes/jobs/invoices.camel.yaml");
    String text = Files.readString(file);
    String label = "steps:\n";
    int at = text.indexOf(label, text.indexOf("id: " + route)) + label.length();
    Files.writeString(file, text.substring(0, at) + steps.indent(8) + text.substring(at));
    return this;
  }

  /** Inserts this many invoices after those there are, extracts and submits them. */
  public InvoiceNight more(int count) {
    int from = (int) count("invoices") + 1;
    return invoices(from, from + count - 1).extract().submit();
  }

  /** Inserts invoices INV-from … INV-to. */
  public InvoiceNight invoices(int from, int to) {
    String[] rows = new String[to - from + 1];
    for (int i = from; i <= to; i++) {
      rows[i - from] =
          "insert into invoices(invoice_no, vendor, description, amount) values ('INV-%1$d', 'Vendor %1$d',"
                  .formatted(i)
              + " 'Cloud hosting number %1$d', %1$d.50)".formatted(i);
    }
    database().execute(rows);
    return this;
  }

  public InvoiceNight start() {
    fixture.start();
    return this;
  }

  public InvoiceNight restart() {
    fixture.stop();
    return start();
  }

  public InvoiceNight advance(Duration step) {
    fixture.clock().advance(step);
    simulator().clock().advance(step);
    return this;
  }

  public InvoiceNight minutes(long minutes) {
    return advance(Duration.ofMinutes(minutes));
  }

  /** Extracts as if the trigger had fired now. */
  public Exchange fire() {
    return fixture.extract(JOB, Map.of("due", fixture.clock().instant()));
  }

  public InvoiceNight extract() {
    Exchange done = fire();
    if (done.getException() != null) {
      throw new IllegalStateException(done.getException());
    }
    return this;
  }

  public InvoiceNight submit() {
    fixture.call("direct:submit");
    return this;
  }

  public InvoiceNight resend() {
    fixture.call("direct:resend");
    return this;
  }

  public InvoiceNight poll() {
    fixture.call("direct:poll");
    return this;
  }

  public InvoiceNight collect() {
    fixture.call("direct:collect");
    return this;
  }

  /** What the ticks of the service do, once. */
  public InvoiceNight tick() {
    return poll().collect().resend().submit();
  }

  /** Ticks every {@code step} until every run has ended. */
  public InvoiceNight untilDone(Duration step) {
    for (int i = 0; i < 100 && count("caravan_run where state <> 'ended'") > 0; i++) {
      advance(step).tick();
    }
    if (count("caravan_run where state <> 'ended'") > 0) {
      throw new AssertionError(
          "not done: "
              + database().query("select nonce, state, cause, detail from caravan_batch")
              + database()
                  .query("select outcome, cause, count(*) n from caravan_request group by 1, 2"));
    }
    return this;
  }

  public InvoiceNight untilDone() {
    return untilDone(Duration.ofMinutes(6));
  }

  public long count(String from) {
    return database().count("select count(*) from " + from);
  }

  /** Outcome and cause of a record's newest request, such as {@code rejected refusal}. */
  public String outcome(String key) {
    Map<String, Object> row =
        fixture.row("select outcome, cause from caravan_record where record_key = ?", key);
    return row.get("outcome") + (row.get("cause") == null ? "" : " " + row.get("cause"));
  }

  /** Batches by state, such as {@code [collected, in_progress]}, in order of their opening. */
  public List<String> states() {
    return database()
        .query("select state from caravan_batch where state <> 'refused' order by opened_at, nonce")
        .stream()
        .map(row -> String.valueOf(row.get("state")))
        .toList();
  }

  public String pause() {
    return database()
        .query("select paused_cause from caravan_job where paused_at is not null")
        .stream()
        .map(row -> String.valueOf(row.get("paused_cause")))
        .findFirst()
        .orElse("");
  }

  public InvoiceNight resume() {
    fixture.ledger().jobs.resume(JOB);
    return this;
  }

  /** What {@code ./caravan adopt} does with the newest batch; why not, or an empty text. */
  public String adopt(String msgbatchId) {
    return fixture.application().bean("adoption", Adoption.class).decide(newest(), msgbatchId);
  }

  /** The newest batch. */
  public Batch newest() {
    return fixture
        .ledger()
        .batches
        .get(
            String.valueOf(
                fixture
                    .row("select nonce from caravan_batch order by opened_at desc, nonce")
                    .get("nonce")));
  }

  public List<String> mails() {
    return database().query("select subject from caravan_mail order by id").stream()
        .map(row -> String.valueOf(row.get("subject")))
        .toList();
  }

  /** What the faults of this night cost. */
  public Toll toll() {
    return Toll.of(database(), simulator());
  }

  /** How many batches the simulator ever accepted from us. */
  public long accepted() {
    return simulator().books().batches().stream().filter(b -> !b.foreign()).count();
  }

  /** Leases end by the database's clock: as if the process that holds them had died long ago. */
  public InvoiceNight expireLeases() {
    for (String table : List.of("caravan_run", "caravan_batch")) {
      database()
          .execute(
              "update "
                  + table
                  + " set lease_until = timestamp '2020-01-01 00:00:00' where lease_until is not"
                  + " null");
    }
    return this;
  }

  /** As if the runs that are over had ended so long ago, by the database's clock. */
  public InvoiceNight endedAgo(Duration ago) {
    Instant then = fixture.ledger().ledger.now().minus(ago);
    database()
        .execute(
            "update caravan_run set ended_at = '%s' where ended_at is not null"
                .formatted(LocalDateTime.ofInstant(then, ZoneOffset.UTC)));
    return this;
  }

  /** For a test that breaks the counting load on purpose. */
  public InvoiceNight withoutRules() {
    checked = false;
    return this;
  }

  @Override
  public void close() throws IOException {
    try {
      if (checked) {
        new LedgerRules(database(), fixture.home(), simulator()).check();
      }
    } finally {
      fixture.close();
    }
  }
}
