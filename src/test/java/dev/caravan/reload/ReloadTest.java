package dev.caravan.reload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.settings.JobCatalog;
import dev.caravan.settings.PricesReader;
import dev.caravan.settings.Settings;
import dev.caravan.settings.SettingsReader;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.NightFixture;
import dev.caravan.testing.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.component.quartz.QuartzEndpoint;
import org.apache.camel.model.RouteDefinition;
import org.junit.jupiter.api.io.TempDir;

class ReloadTest {
  private static final String INVOICES = "routes/jobs/invoices.camel.yaml";
  private static final String PROPERTIES = "config/jobs/invoices/job.properties";
  private static final String TABLE =
      "create table invoices(invoice_no varchar(20) primary key, vendor varchar(200), description"
          + " varchar(2000), amount numeric(12,2), received_on date, department varchar(60),"
          + " extracted_amount numeric(12,2), summary varchar(500), approval_required boolean,"
          + " processed_at timestamp null)";
  private static final String ROW =
      "insert into invoices(invoice_no, vendor, description, amount) values ('I-1', 'ACME',"
          + " 'Hosting', 7.50)";

  @TempDir Path home;
  private final List<String> alerts = new ArrayList<>();

  /** What the lead class of the service holds. */
  private record Running(NightFixture night, JobCatalog jobs, CamelContext context, Reload reload)
      implements AutoCloseable {
    /** Two looks: a file must be the same in both. */
    void look() {
      reload.look();
      reload.look();
    }

    String cron(String route) {
      return ((QuartzEndpoint) context.getRoute(route).getEndpoint()).getCron();
    }

    @Override
    public void close() throws IOException {
      night.close();
    }
  }

  private Running start(TestDatabase database) throws IOException {
    NightFixture night = NightFixture.in(home, database).start();
    Settings settings =
        SettingsReader.read(
            home,
            Map.of(),
            Map.of(
                "db.url", database.url(),
                "anthropic.base-url", night.simulator().baseUrl()));
    CamelContext context = night.application().context();
    JobCatalog jobs = night.jobs();
    Editions editions =
        new Editions(
            settings,
            jobs,
            PricesReader.read(home.resolve("config/prices.yaml")),
            night.ledger().runs,
            night.ledger().batches,
            context,
            night.clock());
    Reload reload =
        new Reload(home, editions, (id, subject, text, todo) -> alerts.add(id + " " + text));
    return new Running(night, jobs, context, reload);
  }

  private void edit(String file, String from, String to) {
    try {
      String text = Files.readString(home.resolve(file));
      assertThat(text).contains(from);
      Files.writeString(home.resolve(file), text.replace(from, to));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void takesAnEditedPromptCronAndRouteWithoutARestart(TestDatabase database) throws Exception {
    database.execute(TABLE, ROW);
    try (Running running = start(database)) {
      assertThat(running.cron("invoices-submit")).isEqualTo("0 0 23 * * ?");
      edit("config/jobs/invoices/prompt.md", "Invoice: ${invoice_no}", "Bill ${invoice_no}");
      edit(PROPERTIES, "\ncron=0 0 23 * * ?", "\ncron=0 30 22 * * ?");
      edit(INVOICES, "> {{invoices.approval-limit}}", "> 5");

      running.look();

      assertThat(alerts).isEmpty();
      assertThat(running.cron("invoices-submit")).isEqualTo("0 30 22 * * ?");
      assertThat(running.night().extract("invoices").getException()).isNull();
      assertThat(database.query("select model from caravan_request"))
          .singleElement()
          .satisfies(row -> assertThat(row).containsEntry("model", "claude-sonnet-5-5"));
      assertThat(spool()).contains("Bill I-1");
      running.night().round();
      assertThat(database.count("select count(*) from invoices where department is not null"))
          .isEqualTo(1);
    }
  }

  private String spool() throws IOException {
    try (var files = Files.walk(home.resolve("data/spool"))) {
      StringBuilder text = new StringBuilder();
      for (Path file : files.filter(f -> f.toString().endsWith(".requests.jsonl")).toList()) {
        text.append(Files.readString(file));
      }
      return text.toString();
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void keepsTheLastGoodVersionOfABrokenEditAndTellsItOnce(TestDatabase database) throws Exception {
    database.execute(TABLE, ROW);
    try (Running running = start(database)) {
      String good = Files.readString(home.resolve(INVOICES));
      for (String[] broken :
          new String[][] {
            {"- route:", "- route", "not valid YAML"},
            {"ref: prompts", "ref: promts", "there is no bean promts"},
            {"uri: jdbc:reader", "uri: jdbx:reader", "jdbx"},
          }) {
        Files.writeString(home.resolve(INVOICES), good.replace(broken[0], broken[1]));
        alerts.clear();
        running.look();
        running.look();
        assertThat(alerts).singleElement().asString().contains(broken[2]);
      }
      Files.writeString(home.resolve(INVOICES), good);
      edit("config/jobs/invoices/output.schema.json", "\"type\"", "\"tipe\"");
      alerts.clear();
      running.look();
      running.look();
      assertThat(alerts).singleElement().asString().contains("output.schema.json");

      assertThat(running.night().extract("invoices").getException()).isNull();
      running.night().round();
      assertThat(database.count("select count(*) from invoices where department is not null"))
          .isEqualTo(1);

      edit("config/jobs/invoices/output.schema.json", "\"tipe\"", "\"type\"");
      edit(PROPERTIES, "\ncron=0 0 23 * * ?", "\ncron=0 15 22 * * ?");
      running.look();
      assertThat(running.cron("invoices-submit")).isEqualTo("0 15 22 * * ?");
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void doesNotTakeAFileThatIsStillBeingWritten(TestDatabase database) throws Exception {
    try (Running running = start(database)) {
      edit(INVOICES, "ref: prompts", "ref: pro");
      running.reload().look();
      edit(INVOICES, "ref: pro", "ref: prompts");
      running.look();
      assertThat(alerts).isEmpty();
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void waitsUntilNothingOfTheJobIsInFlight(TestDatabase database) throws Exception {
    try (Running running = start(database)) {
      running.context().getInflightRepository().addRoute("invoices-submit");
      var exchange = running.context().getRoute("invoices-submit").getEndpoint().createExchange();
      running.context().getInflightRepository().add(exchange, "invoices-submit");
      edit(PROPERTIES, "\ncron=0 0 23 * * ?", "\ncron=0 30 22 * * ?");

      running.look();
      assertThat(running.cron("invoices-submit")).isEqualTo("0 0 23 * * ?");

      running.context().getInflightRepository().remove(exchange, "invoices-submit");
      running.look();
      assertThat(running.cron("invoices-submit")).isEqualTo("0 30 22 * * ?");
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void takesUpANewJob(TestDatabase database) throws Exception {
    database.execute(TABLE, ROW);
    try (Running running = start(database)) {
      copy("config/jobs/invoices", "config/jobs/bills");
      Files.writeString(
          home.resolve("routes/jobs/bills.camel.yaml"),
          Files.readString(home.resolve(INVOICES)).replace("invoices", "bills"));

      running.look();

      assertThat(alerts).isEmpty();
      assertThat(running.jobs().names()).contains("bills");
      assertThat(running.night().extract("bills").getException()).isNull();
      running.night().round();
      assertThat(database.count("select count(*) from invoices where department is not null"))
          .isEqualTo(1);
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void stopsARemovedJobButCollectsWhatIsPaid(TestDatabase database) throws Exception {
    database.execute(TABLE, ROW);
    try (Running running = start(database)) {
      assertThat(running.night().extract("invoices").getException()).isNull();
      Path folder = home.resolve("config/jobs/invoices");
      try (var files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
      Files.delete(home.resolve(INVOICES));

      running.look();
      assertThat(running.context().getRoute("invoices-submit")).isNull();
      assertThat(running.jobs().has("invoices")).isTrue();

      running.night().round();
      assertThat(database.count("select count(*) from invoices where department is not null"))
          .isEqualTo(1);

      running.look();
      assertThat(running.jobs().has("invoices")).isFalse();
      assertThat(running.context().getRoute("invoices-load")).isNull();
      assertThat(alerts).isEmpty();
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void tellsOfAJobThatHasLostOnlyItsRoutes(TestDatabase database) throws Exception {
    try (Running running = start(database)) {
      Files.delete(home.resolve(INVOICES));

      running.look();

      assertThat(alerts).singleElement().asString().contains("is missing");
      assertThat(running.context().getRoute("invoices-submit")).isNotNull();
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void putsTheLastGoodVersionBackWhenCamelRefusesACheckedEdit(TestDatabase database)
      throws Exception {
    database.execute(TABLE, ROW);
    try (Running running = start(database)) {
      running
          .context()
          .addRoutePolicyFactory(
              (context, id, route) -> {
                if (String.valueOf(((RouteDefinition) route).getDescriptionText()).equals("veto")) {
                  throw new IllegalStateException("refused on purpose");
                }
                return null;
              });
      edit(
          INVOICES,
          "description: One row becomes a prompt, for the small model unless a rule says otherwise",
          "description: veto");
      edit(PROPERTIES, "\ncron=0 0 23 * * ?", "\ncron=0 30 22 * * ?");

      running.look();

      assertThat(alerts).singleElement().asString().contains("refused on purpose");
      assertThat(running.cron("invoices-submit")).isEqualTo("0 0 23 * * ?");
      assertThat(running.night().extract("invoices").getException()).isNull();
      running.night().round();
      assertThat(database.count("select count(*) from invoices where department is not null"))
          .isEqualTo(1);
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void takesAnEditOfASharedRoute(TestDatabase database) throws Exception {
    try (Running running = start(database)) {
      edit(
          "routes/40-collect.camel.yaml", "description: Oldest first", "description: Eldest first");
      running.look();
      assertThat(alerts).isEmpty();
      edit("routes/40-collect.camel.yaml", "uri: direct:load", "uri: direct:laod");
      running.look();
      assertThat(alerts).singleElement().asString().contains("direct:laod is served by no route");
      assertThat(running.context().getRoute("collect-batch")).isNotNull();
      running.night().call("direct:collect");
    }
  }

  private void copy(String from, String to) throws IOException {
    try (var files = Files.list(home.resolve(from))) {
      Files.createDirectories(home.resolve(to));
      for (Path file : files.toList()) {
        Files.copy(file, home.resolve(to).resolve(file.getFileName()));
      }
    }
  }

  /** Reading it fails whoever asks, root too: nothing is at the address 0 of a process. */
  @EachDatabase(DatabaseVendor.H2)
  void aFileThatCanNotBeReadStopsNoOtherEdit(TestDatabase database) throws Exception {
    try (Running running = start(database)) {
      Files.createSymbolicLink(
          home.resolve("config/jobs/invoices/stray"), Path.of("/proc/self/mem"));
      running.look();
      running.look();
      edit(PROPERTIES, "\ncron=0 0 23 * * ?", "\ncron=0 15 1 * * ?");
      running.look();
      assertThat(running.cron("invoices-submit")).isEqualTo("0 15 1 * * ?");
    }
  }
}
