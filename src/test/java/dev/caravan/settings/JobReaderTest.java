package dev.caravan.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobReaderTest {
  private static final String ESSENTIALS = "key=id\nmodel=claude-haiku-5-5\n";
  private final Path home;

  JobReaderTest(@TempDir Path home) {
    this.home = home;
  }

  @Test
  void readsAllFilesOfAJob() throws IOException {
    write(
        """
        key = Tenant, order_no
        cron = 0 0 23 ? * MON-FRI
        report-cron = 0 0 6 * * ?
        zone = Europe/Berlin
        model = claude-haiku-5-5
        max-tokens = 500
        max-tokens-cap = 2000
        thinking = off
        effort = low
        max-requests = 20
        cache = 5m
        extract.when-changed = skip
        load.several-rows = allow
        mail.to = a@b.example, c@d.example
        param.approval-limit = 100000
        """);
    Files.writeString(home.resolve("config/jobs/orders/report.sql"), "select 2");

    Job job = JobReader.read(home, "orders");

    assertThat(job)
        .isEqualTo(
            new Job(
                "orders",
                home.resolve("config/jobs/orders"),
                List.of("tenant", "order_no"),
                "0 0 23 ? * MON-FRI",
                "0 0 6 * * ?",
                ZoneId.of("Europe/Berlin"),
                "claude-haiku-5-5",
                500,
                2000,
                Thinking.Wanted.OFF,
                Effort.LOW,
                20,
                Job.WhenChanged.SKIP,
                Job.Cache.FIVE_MINUTES,
                true,
                List.of("a@b.example", "c@d.example"),
                Map.of("approval-limit", "100000"),
                "extract.sql text",
                "prompt.md text",
                "output.schema.json text",
                "load.sql text",
                "select 2"));
  }

  @Test
  void needsOnlyAKeyAndAModel() throws IOException {
    write(ESSENTIALS);

    Job job = JobReader.read(home, "orders");

    assertThat(job.cron()).isNull();
    assertThat(job.reportSql()).isNull();
    assertThat(job.zone()).isEqualTo(ZoneId.systemDefault());
    assertThat(job.cache()).isEqualTo(Job.Cache.ONE_HOUR);
    assertThat(job.whenChanged()).isEqualTo(Job.WhenChanged.RESEND);
    assertThat(job.severalRows()).isFalse();
    assertThat(job.maxTokensCap()).isGreaterThanOrEqualTo(job.maxTokens());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cron=0 23 * * *      | cron is 0 23 * * *, must be a Quartz cron expression of six fields",
        "report-cron=0 0 25 * * ? | report-cron is 0 0 25 * * ?, must be",
        "zone=Berlin          | zone is Berlin, must be a time zone such as",
        "max-tokens=0         | max-tokens is 0, must be a whole number, 1 to 300000",
        "max-tokens-cap=7     | max-tokens-cap is 7, less than max-tokens, which is 1024",
        "max-requests=100001  | max-requests is 100001, must be a whole number, 1 to 100000",
        "thinking=disabled    | thinking is disabled, must be on or off",
        "effort=minimal       | effort is minimal, must be low, medium, high, xhigh or max",
        "cache=2h             | cache is 2h, must be off, 5m or 1h",
        "extract.when-changed=no | extract.when-changed is no, must be resend or skip",
        "load.several-rows=yes   | load.several-rows is yes, must be allow or reject",
        "mail.to=nobody       | mail.to is nobody, must be mail addresses",
        "param.Limit=1        | param.Limit is not a good name",
        "max-token=5          | there is no setting max-token of a job\\n"
            + "    Did you mean max-tokens?",
        "approval-limit=5     | are named param.approval-limit."
      })
  void refusesWhatIsNotAllowedWithFileLineAndValue(String line, String message) throws IOException {
    write(ESSENTIALS + line.strip());

    FaultsException refused = refused("orders");

    assertThat(refused).hasMessageContaining(message.replace("\\n", "\n"));
    assertThat(refused.faults()).extracting(Fault::line).containsExactly(3);
  }

  @Test
  void reportsAllFaultsAtOnce() throws IOException {
    write("key=a b,c\ncache=x\n");
    Files.delete(home.resolve("config/jobs/orders/load.sql"));
    Files.writeString(home.resolve("config/jobs/orders/prompt.md"), "\n");
    Files.write(home.resolve("config/jobs/orders/extract.sql"), new byte[] {'a', (byte) 0xe4});

    assertThat(refused("orders").faults())
        .extracting(fault -> fault.file() + ": " + fault.message())
        .containsExactlyInAnyOrder(
            "config/jobs/orders/job.properties: key is a b,c, must be different columns separated"
                + " by commas, without blanks or signs",
            "config/jobs/orders/job.properties: cache is x, must be off, 5m or 1h",
            "config/jobs/orders/job.properties: model is not set",
            "config/jobs/orders/load.sql: is missing",
            "config/jobs/orders/prompt.md: is empty",
            "config/jobs/orders/extract.sql: is not UTF-8 text");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Orders", "1st", "a_b", "../config", "thirteen-long"})
  void refusesANameThatCannotBeAJobs(String name) {
    assertThat(refused(name)).hasMessageContaining("is not the name of a job");
  }

  @Test
  void namesAllJobsSorted() throws IOException {
    assertThat(JobReader.names(home)).isEmpty();
    for (String folder : List.of("tickets", "invoices", ".git")) {
      Files.createDirectories(home.resolve("config/jobs").resolve(folder));
    }

    assertThat(JobReader.names(home)).containsExactly("invoices", "tickets");
    assertThat(refused("orders")).hasMessageContaining("there is no job orders");
  }

  private void write(String properties) throws IOException {
    Path folder = Files.createDirectories(home.resolve("config/jobs/orders"));
    Files.writeString(folder.resolve("job.properties"), properties);
    for (String file : List.of("extract.sql", "prompt.md", "output.schema.json", "load.sql")) {
      Files.writeString(folder.resolve(file), file + " text");
    }
  }

  private FaultsException refused(String name) {
    return catchThrowableOfType(FaultsException.class, () -> JobReader.read(home, name));
  }
}
