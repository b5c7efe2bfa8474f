package dev.caravan.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OfflineCheckTest {
  private static final String INVOICES = "routes/jobs/invoices.camel.yaml";

  @TempDir Path folder;
  private TestHome home;

  @BeforeEach
  void shipped() {
    home = TestHome.in(folder);
  }

  @Test
  void findsNothingWrongWithWhatIsShipped() {
    assertThat(home.texts(true)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "- route:\\n    id: invoices-request | - route:\\n    id: [invoices-request | invoices.camel.yaml:40: not valid YAML at column",
        "id: invoices-submit\\n    group | id: invoices-submitt\\n    group | has no route with the id invoices-submit",
        "uri: direct:invoices-load | uri: direct:invoice-load | invoices-load begins with direct:invoice-load, but Caravan needs direct:invoices-load",
        "routeConfigurationId: record-errors | routeConfigurationId: quiet | invoices-request names no routeConfigurationId: record-errors",
        "routeConfigurationId: run-errors | autoStartup: \"true\" | invoices-submit names no routeConfigurationId: run-errors",
        "id: invoices-mail | id: invoices-collect | :106: the id invoices-collect is already used in routes/jobs/invoices.camel.yaml:102",
        "uri: direct:invoices-request | uri: direct:tickets-request | direct:tickets-request is already served in routes/jobs/invoices.camel.yaml:44",
        "uri: direct:collect | uri: direct:colect | :102: direct:colect is served by no route\\n    Did you mean direct:collect?",
        "ref: prompts | ref: promts | there is no bean promts\\n    Did you mean prompts?",
        "method: render | method: rendered | Camel can't build this: Method with name: rendered not found",
        "uri: jdbc:reader | uri: jdbx:reader | jdbx",
        "resetAutoCommit: | resetAutoComit: | :32: Camel can't build this: Failed to resolve endpoint: jdbc://reader?outputType=StreamList&resetAutoComit=false",
        "cron: \"{{invoices.cron}}\" | cron: 0 0 25 * * ? | Hour values must be between 0 and 23",
        "\"{{invoices.zone}}\" | \"{{invoices.zonne}}\" | invoices.zonne",
        "${body[amount]} > | ${body[amount] > | Camel can't build this",
        "- setVariable:\\n            id: invoices-model | - setVariabel:\\n            id: invoices-model | setVariabel",
      })
  void namesFileLineAndRemedyOfABrokenRoute(String from, String to, String message) {
    home.edit(INVOICES, from.replace("\\n", "\n"), to.replace("\\n", "\n"));

    assertThat(home.texts(true))
        .anySatisfy(
            text ->
                assertThat(text).startsWith("routes/jobs/").contains(message.replace("\\n", "\n")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "- to: {id: x, uri: jdbc:writer}                                   | jdbc: in the load route invoices-load",
        "- to: {id: x, uri: seda:later}                                    | seda: in the load route invoices-load",
        "- wireTap: {id: x, uri: direct:collect}                           | wireTap in the load route invoices-load",
        "- threads: {id: x}                                                | threads in the load route invoices-load",
        "- split: {id: x, parallelProcessing: true, expression: {simple: {expression: '${body}'}}, steps: []} | parallelProcessing in",
        "- to: {id: x, uri: 'sql:update t set a = 1', parameters: {dataSource: '#reader'}} | dataSource #reader in",
      })
  void keepsTheLoadRouteInsideItsTransaction(String step, String message) {
    home.edit(
        INVOICES,
        "        - bean:\n            id: invoices-load-sql",
        "        " + step + "\n        - bean:\n            id: invoices-load-sql");

    assertThat(home.texts(true)).anySatisfy(text -> assertThat(text).contains(message));
  }

  @Test
  void findsAllFaultsAtOnce() {
    home.edit(INVOICES, "ref: prompts", "ref: promts")
        .edit(
            "routes/05-anthropic.camel.yaml",
            "responseTimeout: \"{{http.read",
            "responseTimout: \"{{http.read")
        .edit("config/jobs/tickets/job.properties", "\nkey=", "\nkeys=")
        .edit("config/prices.yaml", "models:", "modells:")
        .write("routes/30-poll.camel.yaml.bak", "")
        .write("config/jobs/orphan/job.properties", "key=a\n")
        .write("routes/jobs/lonely.camel.yaml", "- route:\n    id: lonely\n")
        .set("poll.first", "soon");

    String all = String.join("\n", home.texts(true));

    assertThat(all)
        .contains(
            "there is no bean promts",
            "http has no option responseTimout",
            "Did you mean responseTimeout?",
            "config/jobs/tickets/job.properties",
            "config/prices.yaml:",
            "routes/30-poll.camel.yaml.bak: is not read",
            "routes/jobs/orphan.camel.yaml: is missing",
            "routes/jobs/lonely.camel.yaml: there is no folder config/jobs/lonely",
            "poll.first");
  }

  @Test
  void refusesAStatementThatWouldEndTheTransaction() {
    home.write(
        "config/jobs/invoices/load.sql",
        "truncate table t;\n" + home.read("config/jobs/invoices/load.sql"));

    assertThat(home.texts(true))
        .anySatisfy(
            text -> assertThat(text).contains("load.sql:1: a statement begins with truncate"));
  }
}
