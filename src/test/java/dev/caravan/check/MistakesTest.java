package dev.caravan.check;

import static dev.caravan.testing.DatabaseVendor.H2;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.simulator.Simulator;
import dev.caravan.simulator.SimulatorOptions;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mistakes that people make, and the words with which {@code check} finds each of them. */
class MistakesTest {
  private static final String JOB = "config/jobs/invoices/job.properties";
  private static final String EXTRACT = "config/jobs/invoices/extract.sql";
  private static final String LOAD = "config/jobs/invoices/load.sql";
  private static final String REPORT = "config/jobs/invoices/report.sql";
  private static final String PROMPT = "config/jobs/invoices/prompt.md";
  private static final String SCHEMA = "config/jobs/invoices/output.schema.json";
  private static final String ROUTE = "routes/jobs/invoices.camel.yaml";
  private static final String SETTINGS = "config/application.properties";

  /** What is done to a good home, and parts of one message that must come of it. */
  private record Mistake(String name, BiConsumer<TestHome, TestDatabase> made, String... message) {}

  private static Mistake edit(String name, String file, String from, String to, String... message) {
    return new Mistake(name, (home, database) -> home.edit(file, from, to), message);
  }

  private static Mistake sql(String name, String statement, String... message) {
    return new Mistake(name, (home, database) -> database.execute(statement.split(";")), message);
  }

  private static final List<Mistake> FILES =
      List.of(
          edit("a setting misspelt", JOB, "max-tokens=500", "max-token=500", JOB, "max-token"),
          edit("a cron of five fields", JOB, "cron=0 0 23", "cron=0 23", "six fields"),
          edit("a key twice", JOB, "max-tokens=500", "key=vendor\nmax-tokens=500", "already set"),
          edit("an unknown zone", JOB, "#zone=Europe/Berlin", "zone=Europe/Berlinn", "time zone"),
          edit("a mail address without @", JOB, "#mail.to=", "mail.to=ops.example.org", "mail.to"),
          edit("max-tokens too small", JOB, "max-tokens=500", "max-tokens=5", "takes more than"),
          edit(
              "a model misspelt in a route",
              ROUTE,
              "expression: \"{{invoices.large-model}}\"",
              "expression: claude-sonet-5-5",
              "Did you mean claude-sonnet-5-5"),
          edit("a model unknown", JOB, "=claude-haiku-5-5", "=claude-haiku-55", "Did you mean"),
          edit(
              "max-tokens beyond the model",
              JOB,
              "max-tokens=500\nmax-tokens-cap=4000",
              "max-tokens=250000\nmax-tokens-cap=300000",
              "answers with at most"),
          edit(
              "a param that the prompt names otherwise",
              JOB,
              "approval-limit=",
              "aproval-limit=",
              "approval_limit"),
          edit(
              "a prompt with a column above the line",
              PROMPT,
              "You sort",
              "Hi ${vendor}. You sort",
              PROMPT + ":1"),
          edit(
              "a directive not closed",
              PROMPT,
              "${description!\"(no text)\"}",
              "<#if description??>${description}",
              "not a valid template"),
          edit(
              "${ not closed",
              PROMPT,
              "${description!\"(no text)\"}",
              "${description",
              "not a valid template"),
          edit("no line of dashes", PROMPT, "\n---\n", "\n", "no line ---"),
          edit(
              "a second line of dashes",
              PROMPT,
              "Invoice: ${",
              "---\nInvoice: ${",
              "second line ---"),
          edit(
              "front matter above the prompt",
              PROMPT,
              "You sort",
              "---\ntitle: x\n---\nYou sort",
              "nothing stands above"),
          edit("schema is not JSON", SCHEMA, "\"object\",", "\"object\"", SCHEMA),
          edit(
              "schema with a keyword not accepted",
              SCHEMA,
              "\"type\": \"number\",",
              "\"type\": \"number\", \"minimum\": 0,",
              "minimum"),
          edit(
              "schema without additionalProperties",
              SCHEMA,
              "\"additionalProperties\": false,",
              "",
              "additionalProperties"),
          edit(
              "a field of load.sql that is optional",
              SCHEMA,
              "\"summary\", \"approval",
              "\"approval",
              "summary"),
          edit(
              "a parameter of load.sql misspelt",
              LOAD,
              ":summary",
              ":sumary",
              "Did you mean summary"),
          edit(
              "an update without where",
              LOAD,
              "where invoice_no = :key_invoice_no",
              "",
              "would change every row"),
          edit("a quote not closed", LOAD, "= :summary", "= ':summary", "quote"),
          edit(
              "commit in load.sql",
              LOAD,
              "-- What an answer",
              "commit;\n-- What an answer",
              "commit"),
          edit(
              "two statements in extract.sql",
              EXTRACT,
              "order by",
              "; select 1 order by",
              "one SELECT"),
          edit(
              "a delete as extract.sql",
              EXTRACT,
              "select invoice_no,",
              "delete invoice_no,",
              "one SELECT"),
          edit(":night misspelt", EXTRACT, ":night", ":nigth", "nothing fills :nigth"),
          edit("a ? as parameter", EXTRACT, ":night", "?", "a ? stands outside"),
          edit("tabs in YAML", ROUTE, "    group: extract", "\tgroup: extract", "not valid YAML"),
          edit(
              "a step misindented",
              ROUTE,
              "        - bean:\n            id: invoices-prompt",
              "      - bean:\n            id: invoices-prompt",
              ROUTE),
          edit(
              "a hook renamed",
              ROUTE,
              "uri: direct:invoices-load",
              "uri: direct:invoice-load",
              "but Caravan needs direct:invoices-load"),
          edit(
              "a route id twice",
              ROUTE,
              "id: invoices-report\n",
              "id: invoices-load\n",
              "already used"),
          edit(
              "a base-url with /v1",
              SETTINGS,
              "#anthropic.base-url=https://api.anthropic.com",
              "anthropic.base-url=https://api.anthropic.com/v1",
              "must not end with /v1"),
          edit(
              "a key over plain http",
              SETTINGS,
              "#anthropic.base-url=https://api.anthropic.com",
              "anthropic.base-url=http://proxy.example.com",
              "clear text"),
          edit(
              "a duration without a unit",
              SETTINGS,
              "#poll.first=5m",
              "poll.first=5",
              "poll.first"),
          edit(
              "mail without a server",
              SETTINGS,
              "#mail.to=",
              "mail.to=ops@example.org",
              "smtp.host is empty"),
          new Mistake(
              "a setting of one job in the wrong file",
              (home, db) -> home.write(SETTINGS, "model=claude-haiku-5-5\n"),
              SETTINGS,
              "model"),
          new Mistake(
              "a copied route file",
              (home, db) -> home.write("routes/jobs/invoices2.camel.yaml", home.read(ROUTE)),
              "no folder config/jobs/invoices2"),
          new Mistake(
              "a route file renamed",
              (home, db) ->
                  home.write("routes/jobs/invoice.camel.yaml", home.read(ROUTE)).remove(ROUTE),
              "routes/jobs/invoices.camel.yaml",
              "is missing"),
          new Mistake(
              "a second job on the same rows",
              (home, db) -> {
                for (String file : List.of(JOB, EXTRACT, LOAD, PROMPT, SCHEMA, ROUTE)) {
                  home.write(
                      file.replace("invoices", "second"),
                      home.read(file)
                          .replace("invoices-", "second-")
                          .replace("quartz:invoices", "quartz:second")
                          .replace("{{invoices", "{{second"));
                }
              },
              "second/load.sql",
              "sets invoices.department, as job invoices does"),
          new Mistake(
              "a file that is missing", (home, db) -> home.remove(LOAD), LOAD, "is missing"),
          new Mistake(
              "latin1 in prompt.md", (home, db) -> latin1(home, PROMPT), PROMPT, "not UTF-8"),
          new Mistake("latin1 in load.sql", (home, db) -> latin1(home, LOAD), LOAD, "not UTF-8"),
          new Mistake(
              "latin1 in settings", (home, db) -> latin1(home, SETTINGS), SETTINGS, "not UTF-8"),
          new Mistake(
              "latin1 in job.properties", (home, db) -> latin1(home, JOB), JOB, "not UTF-8"),
          new Mistake("latin1 in a route", (home, db) -> latin1(home, ROUTE), ROUTE, "not UTF-8"),
          new Mistake(
              "latin1 in prices",
              (home, db) -> latin1(home, "config/prices.yaml"),
              "config/prices.yaml",
              "not UTF-8"),
          new Mistake(
              "a key file for all",
              (home, db) ->
                  home.write("api.key", "k")
                      .environment("ANTHROPIC_API_KEY", "")
                      .set("anthropic.api-key-file", "api.key"),
              "chmod 600"));

  private static final List<Mistake> ON_H2 =
      List.of(
          edit("a table misspelt", EXTRACT, "from invoices", "from invoice", EXTRACT, "INVOICE"),
          edit("a column renamed", LOAD, "set department ", "set dept ", LOAD + ":", "DEPT"),
          edit("a column of prompt.md misspelt", PROMPT, "${vendor!", "${vendr!", "vendr"),
          edit(
              "a missing semicolon",
              LOAD,
              "where invoice_no = :key_invoice_no",
              "where invoice_no = :key_invoice_no\nupdate invoices set vendor = 'x' where"
                  + " invoice_no = :key_invoice_no",
              LOAD),
          edit(
              "the key not selected",
              EXTRACT,
              "select invoice_no,",
              "select vendor as v,",
              "no key column invoice_no"),
          new Mistake(
              "a column that is NULL in the second row only",
              (home, database) -> {
                database.execute("insert into invoices(invoice_no, amount) values ('I-2', 1)");
                home.edit(PROMPT, "${vendor!\"not on record\"}", "${vendor}");
              },
              "record I-2 could not be sent",
              "column vendor is NULL"),
          new Mistake(
              "a rule that fails on the second row only",
              (home, database) -> {
                database.execute("insert into invoices(invoice_no, vendor) values ('I-2', 'B')");
                home.edit(ROUTE, "${body[amount]} >", "${body[amount].intValue()} >");
              },
              "a rule fails for record I-2"),
          edit(
              "a rule on a column misspelt",
              ROUTE,
              "${body[amount]}",
              "${body[amont]}",
              "Did you mean amount"),
          edit(
              "a join that repeats rows",
              EXTRACT,
              "from invoices",
              "from invoices cross join (values (1), (2)) as two(x)",
              "is not unique",
              "such as I-1"),
          edit(
              "a key that can be NULL",
              JOB,
              "key=invoice_no",
              "key=department_id",
              "department_id"),
          edit(
              "two columns of one name",
              EXTRACT,
              "received_on\nfrom",
              "received_on, 'x' as Vendor\nfrom",
              "named vendor"),
          edit(
              "a column that changes by itself",
              EXTRACT,
              "received_on\nfrom",
              "received_on, rand() as r\nfrom",
              "column r has another value"),
          edit(
              "a column that counts days",
              EXTRACT,
              "received_on\nfrom",
              "received_on, :night as today\nfrom",
              "column today has another value"),
          edit(
              "a column of today",
              EXTRACT,
              "received_on\nfrom",
              "received_on, current_date as today\nfrom",
              "changes every day"),
          edit(
              "no filter of what is done",
              EXTRACT,
              "received_on\nfrom invoices\nwhere processed_at is null\n  and",
              "received_on, summary\nfrom invoices\nwhere",
              "sets summary, which extract.sql reads"),
          edit(
              "an update of the wrong row",
              LOAD,
              "where invoice_no = :key",
              "where vendor = :key",
              "finds no row for record I-1"),
          new Mistake(
              "an update of several rows",
              (home, database) -> {
                database.execute("insert into invoices(invoice_no, vendor) values ('I-2', 'ACME')");
                home.edit(
                    LOAD,
                    "where invoice_no = :key_invoice_no",
                    "where vendor in (select vendor"
                        + " from invoices where invoice_no = :key_invoice_no)");
              },
              "changes 2 rows for record I-1"),
          edit(
              "report.sql before there is a ledger",
              REPORT,
              "i.approval_required = true",
              "exists (select 1 from caravan_record r where r.run_id = :run and r.outcame = 'x')",
              REPORT,
              "OUTCAME"),
          edit(
              "report.sql on a column that is not there",
              REPORT,
              "i.approval_required = true",
              "i.approved = true",
              REPORT,
              "APPROVED"),
          sql(
              "an enum column that does not take the answer",
              "alter table invoices drop column department;alter table invoices add department"
                  + " enum('it', 'hr')",
              "('it', 'hr')"),
          sql(
              "a column too short",
              "alter table invoices alter column department varchar(1)",
              "DEPARTMENT"),
          sql(
              "a date column for a text",
              "alter table invoices drop column summary;alter table invoices add summary date",
              "DATE"));

  @TempDir Path folder;
  private Simulator simulator;

  @BeforeEach
  void start() throws Exception {
    simulator = Simulator.start(SimulatorOptions.defaults().withProcessing(Duration.ZERO));
  }

  @AfterEach
  void stop() throws Exception {
    simulator.close();
  }

  @Test
  void inFiles() {
    SoftAssertions all = new SoftAssertions();
    for (Mistake mistake : FILES) {
      TestHome home = home();
      mistake.made().accept(home, null);
      found(all, mistake, home.texts(true));
    }
    all.assertAll();
  }

  @Test
  void whatAnEditorOfWindowsSavesIsNoMistake() throws IOException {
    TestHome home = home();
    for (String file :
        List.of(
            JOB, EXTRACT, LOAD, REPORT, PROMPT, SCHEMA, ROUTE, SETTINGS, "config/prices.yaml")) {
      home.write(file, "\uFEFF" + home.read(file).replace("\n", "\r\n"));
    }
    assertThat(home.texts(true)).isEmpty();
    try (DefaultCamelContext camel = new DefaultCamelContext()) {
      Resource route = ResourceHelper.resolveResource(camel, "file:" + home.path().resolve(ROUTE));
      PluginHelper.getRoutesLoader(camel).findRoutesBuilders(List.of(route));
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError("Camel itself can't read it", e);
    }
  }

  @EachDatabase(H2)
  void onTheDatabase(TestDatabase database) {
    SoftAssertions all = new SoftAssertions();
    for (Mistake mistake : ON_H2) {
      database.execute("drop table if exists invoices");
      TestHome home = on(database);
      mistake.made().accept(home, database);
      found(all, mistake, home.texts(false));
    }
    all.assertAll();
  }

  private TestHome home() {
    Path home = folder.resolve("home" + System.nanoTime());
    return TestHome.in(home).remove("config/jobs/tickets").remove("routes/jobs/tickets.camel.yaml");
  }

  private TestHome on(TestDatabase database) {
    database.execute(
        "create table invoices(invoice_no varchar(20) primary key, vendor varchar(200), description"
            + " varchar(2000), amount numeric(12,2), received_on date, department varchar(60),"
            + " extracted_amount numeric(12,2), summary varchar(500), approval_required boolean,"
            + " processed_at timestamp null)",
        "insert into invoices(invoice_no, vendor, description, amount) values ('I-1', 'ACME',"
            + " 'Hosting', 7.50)");
    return home()
        .set("anthropic.base-url", simulator.baseUrl())
        .set("db.url", database.url())
        .set("db.user", database.user())
        .set("db.password", database.password());
  }

  private static void latin1(TestHome home, String file) {
    try {
      byte[] text = (home.read(file) + "\n# gr\u00fcn\n").getBytes(StandardCharsets.ISO_8859_1);
      Files.write(home.path().resolve(file), text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void found(SoftAssertions all, Mistake mistake, List<String> texts) {
    all.assertThat(texts)
        .as(mistake.name())
        .anySatisfy(text -> assertThat(text).contains(mistake.message()).doesNotContain(": null"));
  }
}
