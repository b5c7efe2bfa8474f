package dev.caravan.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.caravan.spool.Spool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsReaderTest {
  private final Path home;

  SettingsReaderTest(@TempDir Path home) {
    this.home = home;
  }

  @Test
  void withNothingSetEverythingHasItsDefault() {
    Settings settings = read("");

    assertThat(settings.target().url())
        .isEqualTo("jdbc:h2:file:" + home + "/data/ledger;AUTO_SERVER=TRUE");
    assertThat(settings.source().url()).isEqualTo(settings.target().url());
    assertThat(settings.anthropic().baseUrl()).hasToString("https://api.anthropic.com");
    assertThat(settings.anthropic().apiKey().isEmpty()).isTrue();
    assertThat(settings.smtp().host()).isNull();
    assertThat(settings.smtp().startTls()).isEqualTo(Settings.StartTls.OFF);
    assertThat(settings.submit())
        .isEqualTo(
            new Settings.Submit(
                100_000,
                200_000_000,
                32_000_000,
                200_000,
                3,
                List.of(
                    Duration.ZERO,
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(3),
                    Duration.ofMinutes(6),
                    Duration.ofMinutes(10)),
                Duration.ofHours(2),
                Duration.ofHours(24)));
    assertThat(settings.retry())
        .isEqualTo(new Settings.Retry(Duration.ofMinutes(1), 2, Duration.ofMinutes(30)));
    assertThat(settings.spool())
        .isEqualTo(
            new Settings.Spool(home.resolve("data/spool"), Duration.ofDays(30), 500_000_000));
    assertThat(settings.misfireWithin()).isEqualTo(Duration.ofHours(6));
  }

  @Test
  void commandLineGoesBeforeEnvironmentBeforeFile() {
    String file = "poll.first=1m\npoll.max=2m\npoll.last-hour=3m";
    Map<String, String> env = Map.of("CARAVAN_POLL_MAX", "20m", "CARAVAN_POLL_LAST_HOUR", "30m");

    Settings settings = read(file, env, Map.of("poll.last-hour", "40s"));

    assertThat(settings.poll())
        .isEqualTo(
            new Settings.Poll(
                Duration.ofMinutes(1), Duration.ofMinutes(20), Duration.ofSeconds(40)));
  }

  @Test
  void anEmptyEnvironmentVariableIsNotSet() {
    assertThat(read("load.chunk=7", Map.of("CARAVAN_LOAD_CHUNK", " "), Map.of()).load().chunk())
        .isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource({"300ms, PT0.3S", "5s, PT5S", "5m, PT5M", "20h, PT20H", "1h30m, PT1H30M", "1d, PT24H"})
  void readsDurations(String written, Duration meant) {
    assertThat(Units.duration(written)).isEqualTo(meant);
  }

  @ParameterizedTest
  @CsvSource({"200MB, 200000000", "1MiB, 1048576", "500kb, 500000", "1234, 1234"})
  void readsSizes(String written, long meant) {
    assertThat(Units.bytes(written)).isEqualTo(meant);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1m×2≤30m", "1m x2 <=30m", "1m × 2 ≤ 30m", "60s*2.0<=1800s"})
  void readsABackoffAlsoInAscii(String written) {
    assertThat(read("retry.backoff=" + written).retry())
        .isEqualTo(new Settings.Retry(Duration.ofMinutes(1), 2, Duration.ofMinutes(30)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "poll.first=5       | poll.first is 5, must be a duration such as",
        "poll.first=-1m     | poll.first is -1m, must be a duration",
        "poll.first=        | poll.first is empty, must be a duration",
        "submit.max-requests=0      | submit.max-requests is 0, must be a whole number, 1 to 100000",
        "submit.max-requests=100001 | is 100001, must be a whole number, 1 to 100000",
        "submit.max-bytes=257MB     | submit.max-bytes is 257MB, must be a size such as",
        "submit.max-bytes=99999999999999999999MB | submit.max-bytes is 9999",
        "submit.doubt-looks=0,3m,1m | submit.doubt-looks is 0,3m,1m, must be in increasing order",
        "deadline.cancel=24h        | deadline.cancel is 24h, must be",
        "deadline.alert=23h         | deadline.alert is 23h, must be less than deadline.cancel",
        "poll.max=1m                | poll.first is 5m, must not be more than poll.max",
        "submit.held-after=10m      | must be more than the last of submit.doubt-looks",
        "submit.max-bytes=1MB       | submit.max-request-bytes is 32MB, must not be more than submit.max-bytes",
        "retry.backoff=1m           | retry.backoff is 1m, must be first wait",
        "retry.backoff=1h×2≤30m     | its first wait must not be more",
        "retry.backoff=1m×0.5≤30m   | its factor must be 1 to 10",
        "smtp.starttls=tls          | smtp.starttls is tls, must be one of off, required, smtps",
        "smtp.port=70000            | smtp.port is 70000, must be a whole number, 1 to 65535",
        "smtp.user=me               | smtp.user is me, but smtp.host is empty",
        "smtp.host=mail             | mail.to is empty, but smtp.host is mail",
        "mail.to=a@b.example        | mail.to is a@b.example, but smtp.host is empty",
        "mail.to=nobody             | mail.to is nobody, must be a mail address",
        "mail.from=a@b.c, d@e.f     | mail.from is a@b.c, d@e.f, must be a mail address",
        "db.url=jdbc:oracle:thin:x | db.url is jdbc:oracle:thin:x, must be a JDBC URL",
        "source.url=postgres://x    | source.url is postgres://x, must be a JDBC URL",
        "anthropic.base-url=api.anthropic.com         | anthropic.base-url is api.anthropic.com, must",
        "anthropic.base-url=https://gw.example/v1/    | must not end with /v1",
        "anthropic.base-url=http://api.anthropic.com  | must begin with https",
        "anthropic.base-url=http://gw.example:8080    | anthropic.base-url is http://gw.example:8080, must begin with https",
        "anthropic.base-url=http://localhost.example  | must begin with https",
        "anthropic.version=latest   | anthropic.version is latest, must be",
        "anthropic.api-key-file=no  | anthropic.api-key-file is no, but there is no such file",
        "sumbit.max-bytes=1MB       | there is no setting sumbit.max-bytes\\n    Did you mean submit.max-bytes?",
        "zone=UTC                   | there is no setting zone\\n    Settings of one job belong in"
      })
  void refusesWhatIsNotAllowedWithFileLineValueAndReason(String line, String message) {
    FaultsException refused = refused("# one\n\n" + line.strip(), Map.of());

    assertThat(refused).hasMessageContaining(message.replace("\\n", "\n"));
    assertThat(refused.faults()).hasSize(1);
    assertThat(refused.faults().get(0).file()).isEqualTo("config/application.properties");
  }

  @Test
  void namesTheLineOfAKey() {
    FaultsException refused = refused("a\\\n b=1\n\nload.chunk=x\nload.chunk=2", Map.of());

    assertThat(refused)
        .hasMessageContaining("application.properties:1: there is no setting ab")
        .hasMessageContaining("application.properties:5: load.chunk is already set in line 4");
  }

  @Test
  void reportsAllFaultsAtOnceAndNamesTheVariableOrTheCommandLine() {
    FaultsException refused =
        catchThrowableOfType(
            FaultsException.class,
            () ->
                read(
                    "spool.keep=1h",
                    Map.of("CARAVAN_LOAD_CHUNK", "many", "CARAVAN_SUMBIT_ATTEMPTS", "2"),
                    Map.of("poll.frist", "1m", "poll.max", "x")));

    assertThat(refused.faults())
        .extracting(Fault::file)
        .containsExactlyInAnyOrder(
            "config/application.properties",
            "CARAVAN_LOAD_CHUNK",
            "CARAVAN_SUMBIT_ATTEMPTS",
            "command line",
            "command line");
    assertThat(refused).hasMessageContaining("Did you mean CARAVAN_SUBMIT_ATTEMPTS?");
  }

  @Test
  void leavesVariablesOfThePlatformAlone() {
    Map<String, String> env =
        Map.of("CARAVAN_SERVICE_HOST", "10.0.0.1", "CARAVAN_PORT", "tcp://10.0.0.1:80");

    assertThatCode(() -> read("", env, Map.of())).doesNotThrowAnyException();
  }

  @Test
  void takesTheApiKeyFromTheEnvironmentOrFromItsOwnFileAndNowhereElse() throws IOException {
    Spool.write(home.resolve("key.txt"), "sk-ant-file\n");

    assertThat(read("", Map.of("ANTHROPIC_API_KEY", "sk-ant-env"), Map.of()).anthropic().apiKey())
        .returns("sk-ant-env", Secret::reveal);
    assertThat(read("anthropic.api-key-file=key.txt").anthropic().apiKey())
        .returns("sk-ant-file", Secret::reveal);
    assertThat(refused("anthropic.api-key=sk-ant-open", Map.of()))
        .hasMessageContaining("ANTHROPIC_API_KEY")
        .hasMessageNotContaining("sk-ant");
    assertThat(refused("anthropic.api-key-file=key.txt", Map.of("ANTHROPIC_API_KEY", "sk-ant-env")))
        .hasMessageContaining("keep one of the two")
        .hasMessageNotContaining("sk-ant");
    assertThat(refused("", Map.of("ANTHROPIC_API_KEY", "sk-ant one")))
        .hasMessageContaining("ANTHROPIC_API_KEY: the API key has a blank")
        .hasMessageNotContaining("sk-ant");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://127.0.0.1:8790", "http://localhost", "http://[::1]:1"})
  void takesPlainHttpToThisMachine(String url) {
    assertThat(read("anthropic.base-url=" + url).anthropic().baseUrl()).hasToString(url);
  }

  @Test
  void neverShowsAPassword() {
    assertThat(refused("db.url=jdbc:postgresql://me:hush@host/db", Map.of()))
        .hasMessageContaining("jdbc:postgresql://xxxxxx@host/db, but no driver takes a login")
        .hasMessageContaining("CARAVAN_DB_USER and CARAVAN_DB_PASSWORD")
        .hasMessageNotContaining("hush");
    assertThat(refused("anthropic.base-url=https://me:hush@gw.example", Map.of()))
        .hasMessageContaining("https://xxxxxx@gw.example")
        .hasMessageNotContaining("hush");
    assertThat(refused("db.url=jdbc:oracle:x?user=a&password=hush&ssl=1", Map.of()))
        .hasMessageContaining("password=xxxxxx&ssl=1")
        .hasMessageNotContaining("hush");
  }

  @Test
  void theSourceIsTheTargetWhereNothingElseIsSaid() {
    String target = "db.url=jdbc:postgresql://db/app\ndb.user=writer\ndb.password=w";

    assertThat(read(target).source())
        .returns("writer", Settings.Database::user)
        .returns("w", s -> s.password().reveal());
    assertThat(read(target + "\nsource.user=reader").source())
        .returns("jdbc:postgresql://db/app", Settings.Database::url)
        .returns("reader", Settings.Database::user)
        .returns("", s -> s.password().reveal());
  }

  @Test
  void aMailLoginIsSecuredUnlessSaidOtherwise() {
    String login = "smtp.host=mail.example\nsmtp.user=me\nsmtp.password=p\nmail.to=a@b.example\n";

    assertThat(read(login).smtp())
        .returns(Settings.StartTls.REQUIRED, Settings.Smtp::startTls)
        .returns(587, Settings.Smtp::port);
    assertThat(read(login + "smtp.starttls=smtps").smtp().port()).isEqualTo(465);
    assertThat(refused(login + "smtp.starttls=off", Map.of()))
        .hasMessageContaining("smtp.starttls is off, but smtp.user is set");
    assertThat(read("smtp.host=mail\nmail.to=a@b.example, C D <c@d.example>"))
        .returns(25, s -> s.smtp().port())
        .returns(List.of("a@b.example", "C D <c@d.example>"), s -> s.mail().to());
  }

  private Settings read(String file) {
    return read(file, Map.of(), Map.of());
  }

  private Settings read(String file, Map<String, String> env, Map<String, String> commandLine) {
    try {
      Path config = Files.createDirectories(home.resolve("config"));
      Files.writeString(config.resolve("application.properties"), file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return SettingsReader.read(home, env, commandLine);
  }

  private FaultsException refused(String file, Map<String, String> env) {
    return catchThrowableOfType(FaultsException.class, () -> read(file, env, Map.of()));
  }
}
