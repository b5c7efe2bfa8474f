package dev.caravan.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobCheckTest {
  private static final Prices PRICES = PricesReader.read(Path.of("config/prices.yaml"));
  private static final Instant TODAY = Instant.parse("2026-11-20T12:00:00Z");
  private final Path home;
  private final Map<String, String> files = new TreeMap<>();

  JobCheckTest(@TempDir Path home) {
    this.home = home;
    files.put("job.properties", "key=order_no\nmodel=claude-haiku-5-5\nparam.limit=5\n");
    files.put(
        "extract.sql", "select order_no, body,\n  channel as keep_channel\nfrom o where d < :due");
    files.put("prompt.md", "Limit ${job.limit}\n---\n${body}");
    files.put(
        "output.schema.json",
        """
        {"type": "object", "additionalProperties": false, "required": ["Topic"],
         "properties": {"Topic": {"type": "string"}}}
        """);
    files.put(
        "load.sql",
        "update o set topic = :topic, ch = :keep_channel, at = :caravan_answered_at\n"
            + "where order_no = :key_order_no");
    files.put("report.sql", "select 1 as line from caravan_record where run_id = :run");
  }

  @Test
  void findsNothingWrongWithAGoodJob() throws IOException {
    assertThat(check()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "extract.sql | update o set a = 1 where order_no = 1   | extract.sql:1: must be one SELECT",
        "extract.sql | select order_no, 1 keep_channel; select 2 | extract.sql:1: must be one"
            + " SELECT",
        "extract.sql | select order_no, 1 keep_channel /* : */ where x = :until | extract.sql:1:"
            + " nothing fills :until",
        "extract.sql | select body, 1 as keep_channel          | extract.sql:1: the key column"
            + " order_no is not selected",
        "extract.sql | select order_no                         | load.sql:1: nothing fills"
            + " :keep_channel",
        "load.sql    | update o set topic = :topik where order_no = :key_order_no | load.sql:1:"
            + " nothing fills :topik\\n"
            + "    Did you mean topic?",
        "load.sql    | update o set topic = :topic             | load.sql:1: each answer would"
            + " change every row",
        "load.sql    | insert into l values (:key_id)          | load.sql:1: nothing fills :key_id",
        "load.sql    | update o set a = ? where b = :key_order_no | load.sql:1: a ? stands outside"
            + " of quotes",
        "load.sql    | -- later                                | load.sql: has no statement",
        "report.sql  | select :due                             | report.sql:1: nothing fills :due",
        "prompt.md   | <#if body>                              | prompt.md:1: not a valid template",
        "prompt.md   | ${job.limits}\\n"
            + "---\\n"
            + "${body}           | prompt.md:1: job.properties has no param.limits",
        "output.schema.json | {}                               | the answer is not an object with"
            + " properties"
      })
  void namesFileLineAndRemedy(String file, String text, String message) throws IOException {
    files.put(file, text.replace("\\n", "\n"));

    List<Fault> faults = check();

    assertThat(faults)
        .anySatisfy(
            fault ->
                assertThat(fault.toString())
                    .startsWith("config/jobs/orders/")
                    .contains(message.replace("\\n", "\n")));
    assertThat(faults).allSatisfy(fault -> assertThat(fault.warning()).isFalse());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "claude-haiku-5-6 | job.properties:2: model is claude-haiku-5-6, which config/prices.yaml"
            + " does not know\\n"
            + "    Did you mean claude-haiku-5-5?",
        "claude-opus-5-20260723 | does not know\\n    Without the date: claude-opus-5.",
        "claude-3-5-haiku-20241022 | is claude-3-5-haiku-20241022, retired 2026-02-19: requests"
            + " fail\\n"
            + "    Use claude-haiku-4-5-20251001."
      })
  void refusesAModelThatIsUnknownOrRetired(String model, String message) throws IOException {
    files.put("job.properties", "key=order_no\nmodel=" + model + "\nparam.limit=5\n");

    assertThat(check())
        .singleElement()
        .satisfies(fault -> assertThat(fault.toString()).contains(message.replace("\\n", "\n")));
  }

  @Test
  void warnsOfAModelThatRetiresSoonAlsoInAParameter() throws IOException {
    files.put(
        "job.properties",
        "key=order_no\nmodel=claude-haiku-5-5\nparam.limit=5\n"
            + "param.large-model=claude-sonnet-4-5\n");

    assertThat(check())
        .singleElement()
        .returns(true, Fault::warning)
        .returns(4, Fault::line)
        .satisfies(
            fault ->
                assertThat(fault.toString())
                    .contains("warning: param.large-model", "2026-11-30", "claude-sonnet-5-5"));
  }

  @Test
  void refusesMoreTokensThanTheModelAnswersWith() throws IOException {
    files.put(
        "job.properties",
        "key=order_no\nmodel=claude-haiku-4-5\nparam.limit=5\nmax-tokens=64001\n");

    assertThat(check())
        .extracting(Fault::toString)
        .singleElement()
        .asString()
        .contains("job.properties:4: max-tokens is 64001", "at most 64000");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "claude-haiku-4-5  | effort=low                 | effort is low, but"
            + " claude-haiku-4-5-20251001 of model takes no effort\\n"
            + "    Remove the line.",
        "claude-opus-4-6   | effort=xhigh               | but claude-opus-4-6 of model takes low,"
            + " medium, high, max\\n"
            + "    Write effort=max or less.",
        "claude-opus-5-5   | thinking=off               | thinking is off, but claude-opus-5-5 of"
            + " model always thinks\\n"
            + "    Remove the line and write effort=low",
        "claude-mythos-5-2 | thinking=off               | always thinks",
        "claude-haiku-4-5  | thinking=on                | thinks only with a budget",
        "claude-haiku-5-5  | thinking=off\\n"
            + "effort=max  | effort is max, but with thinking=off claude-haiku-5-5 of model takes"
            + " high at most\\n"
            + "    Write effort=high",
        "claude-sonnet-5-5 | effort=xhigh\\nthinking=off | takes high at most"
      })
  void refusesTheThinkingThatTheModelRefuses(String model, String lines, String message)
      throws IOException {
    files.put(
        "job.properties",
        "key=order_no\nmodel=%s\nparam.limit=5\nmax-tokens=20000\n%s\n"
            .formatted(model, lines.replace("\\n", "\n")));

    assertThat(check())
        .singleElement()
        .returns(false, Fault::warning)
        .satisfies(
            fault -> {
              assertThat(fault.toString()).contains(message.replace("\\n", "\n"));
              assertThat(fault.line()).isGreaterThan(4);
            });
  }

  @ParameterizedTest
  @CsvSource({"thinking=off", "effort=low", "max-tokens=1024"})
  void warnsWhenThinkingLeavesNoRoomForTheAnswer(String remedy) throws IOException {
    String job = "key=order_no\nmodel=claude-haiku-5-5\nparam.limit=5\n";
    files.put("job.properties", job + "max-tokens=500\n");
    assertThat(check())
        .singleElement()
        .returns(true, Fault::warning)
        .returns(4, Fault::line)
        .satisfies(
            fault ->
                assertThat(fault.toString())
                    .contains(
                        "max-tokens is 500", "effort medium", "effort=low, or max-tokens=1024"));

    files.put(
        "job.properties",
        job + (remedy.startsWith("max-tokens") ? "" : "max-tokens=500\n") + remedy + "\n");
    assertThat(check()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"2026-11-29T23:59:59Z, true", "2026-11-30T00:00:00Z, false"})
  void aModelEndsByTheCalendarOfUtc(Instant now, boolean warning) throws IOException {
    files.put("job.properties", "key=order_no\nmodel=claude-sonnet-4-5\nparam.limit=5\n");

    assertThat(check(now)).singleElement().returns(warning, Fault::warning);
  }

  @Test
  void reportsAllFaultsAtOnce() throws IOException {
    files.put("extract.sql", "select 1, ?");
    files.put("load.sql", "update o set a = ?");
    files.put("report.sql", "delete from o");
    files.put("prompt.md", "${");
    files.put("output.schema.json", "{");

    assertThat(check())
        .extracting(Fault::file)
        .containsExactlyInAnyOrder(
            "config/jobs/orders/extract.sql",
            "config/jobs/orders/load.sql",
            "config/jobs/orders/report.sql",
            "config/jobs/orders/prompt.md",
            "config/jobs/orders/output.schema.json");
  }

  private List<Fault> check() throws IOException {
    return check(TODAY);
  }

  private List<Fault> check(Instant now) throws IOException {
    Path folder = Files.createDirectories(home.resolve("config/jobs/orders"));
    for (Map.Entry<String, String> file : files.entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
    return JobCheck.check(JobReader.read(home, "orders"), PRICES, now);
  }
}
