package dev.caravan.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which proxy leads where, as its settings and the usual variables say. */
class NetworkTest {
  @TempDir Path home;

  private Settings.Http read(Map<String, String> environment, Map<String, String> commandLine) {
    return SettingsReader.read(home, environment, commandLine).http();
  }

  private String faults(Map<String, String> environment, Map<String, String> commandLine) {
    FaultsException refused =
        catchThrowableOfType(FaultsException.class, () -> read(environment, commandLine));
    assertThat(refused).as("faults").isNotNull();
    return refused.faults().toString();
  }

  private static String password(Settings.Http http) {
    return Objects.requireNonNull(http.forHttps()).password().reveal();
  }

  private static String proxy(Settings.Http http, String scheme, String host, int port) {
    return String.valueOf(http.proxy(scheme, host, port));
  }

  @Test
  void withoutSettingsAndVariablesThereIsNone() {
    assertThat(proxy(read(Map.of(), Map.of()), "https", "api.anthropic.com", 443))
        .isEqualTo("null");
  }

  @Test
  void theVariablesAreThoseOfOtherProgramsLowerCaseFirst() {
    Settings.Http both =
        read(
            Map.of("https_proxy", "low:1", "HTTPS_PROXY", "http://up:2", "HTTP_PROXY", "plain:3"),
            Map.of());

    assertThat(proxy(both, "https", "a.example.com", 443)).isEqualTo("http://low:1");
    assertThat(proxy(both, "http", "a.example.com", 80)).isEqualTo("http://plain:3");
    assertThat(proxy(read(Map.of("HTTPS_PROXY", "up:2/"), Map.of()), "https", "a", 443))
        .isEqualTo("http://up:2");
  }

  @Test
  void theSettingGoesBeforeTheVariables() {
    Settings.Http http =
        read(
            Map.of("HTTPS_PROXY", "http://u:p@other:1", "NO_PROXY", "inside.example.com"),
            Map.of("http.proxy", "http://ours:3128", "http.proxy-user", "ops"));

    assertThat(proxy(http, "https", "api.anthropic.com", 443)).isEqualTo("http://ours:3128");
    assertThat(proxy(http, "http", "api.anthropic.com", 80)).isEqualTo("http://ours:3128");
    assertThat(proxy(http, "https", "inside.example.com", 443)).isEqualTo("null");
    assertThat(http.forHttps()).extracting(Settings.Proxy::user).isEqualTo("ops");
    assertThat(password(http)).isEmpty();
  }

  @Test
  void aLoginInAVariableIsTakenAndNeverShown() {
    Settings.Http http =
        read(Map.of("HTTPS_PROXY", "http://o%40ps:p%3A%2Bw+d@proxy:3128"), Map.of());

    assertThat(http.forHttps()).extracting(Settings.Proxy::user).isEqualTo("o@ps");
    assertThat(password(http)).isEqualTo("p:+w+d");
    assertThat(http.toString()).doesNotContain("p:+w").doesNotContain("o@ps");
    assertThat(faults(Map.of("HTTPS_PROXY", "https://ops:s3cret@proxy:3128"), Map.of()))
        .contains("HTTPS_PROXY")
        .contains("xxxxxx@proxy:3128")
        .doesNotContain("s3cret");
    assertThat(faults(Map.of("HTTPS_PROXY", "ops:s3cret#@proxy:3128"), Map.of()))
        .doesNotContain("s3cret");
  }

  @Test
  void aLoginInTheSettingIsRefusedAndNeverShown() {
    assertThat(faults(Map.of(), Map.of("http.proxy", "http://ops:s3cret@proxy:3128")))
        .contains("http.proxy-user")
        .doesNotContain("s3cret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "socks5://p:1080",
        "http://p",
        "p",
        "http://p:0",
        "http://p:99999",
        "http://p:1/x",
        "http:",
        "//",
        "https://p:443",
        "http://p:1?q",
        "http://p q:1"
      })
  void whatIsNoHttpProxyIsRefused(String text) {
    assertThat(faults(Map.of(), Map.of("http.proxy", text))).contains("http.proxy");
    assertThat(faults(Map.of("https_proxy", text), Map.of())).contains("https_proxy");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          *                      | api.anthropic.com  | 443 | true
          example.com            | example.com        | 443 | true
          example.com            | api.example.com    | 443 | true
          .example.com           | api.example.com    | 443 | true
          .example.com           | example.com        | 443 | true
          *.example.com          | api.example.com    | 443 | true
          EXAMPLE.com            | Api.Example.COM    | 443 | true
          example.com            | api.example.com.   | 443 | true
          example.com            | badexample.com     | 443 | false
          ample.com              | example.com        | 443 | false
          a.com, b.com  c.com    | x.c.com            | 443 | true
          a.com                  | b.com              | 443 | false
          example.com:8443       | example.com        | 8443 | true
          example.com:8443       | example.com        | 443 | false
          10.1.2.3               | 10.1.2.3           | 443 | true
          10.1.2.3               | 10.1.2.30          | 443 | false
          0.1                    | 10.0.0.1           | 443 | false
          10.0.0.0/8             | 10.200.1.1         | 443 | true
          10.0.0.0/8             | 11.0.0.1           | 443 | false
          10.0.0.0/8             | host.example.com   | 443 | false
          192.168.4.0/22         | 192.168.7.255      | 443 | true
          192.168.4.0/22         | 192.168.8.0        | 443 | false
          10.0.0.0/99            | 10.0.0.1           | 443 | false
          fd00::/8               | [fd12::1]          | 443 | true
          [fd00::1]:8443         | fd00:0::1          | 8443 | true
          2001:db8::1            | [2001:db8:0::1]    | 443 | true
          ''                     | localhost          | 8790 | true
          ''                     | 127.0.0.1          | 8790 | true
          ''                     | 127.9.9.9          | 1   | true
          ''                     | [::1]              | 1   | true
          ''                     | sim.localhost      | 1   | true
          ''                     | notlocalhost       | 1   | false
          """)
  void noProxyIsReadAsCurlReadsIt(String list, String host, int port, boolean direct) {
    assertThat(NoProxy.of(list).covers(host, port)).isEqualTo(direct);
  }

  @Test
  void aCaFileThatHasNoCertificateIsRefused() throws IOException {
    Files.writeString(home.resolve("text.pem"), "not a certificate\n");
    Files.writeString(
        home.resolve("broken.pem"),
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    Files.writeString(home.resolve("empty.pem"), "");

    assertThat(faults(Map.of(), Map.of("http.ca-file", "nowhere.pem"))).contains("no such file");
    assertThat(faults(Map.of(), Map.of("http.ca-file", "."))).contains("can't be read");
    for (String file : new String[] {"text.pem", "broken.pem", "empty.pem"}) {
      assertThat(faults(Map.of(), Map.of("http.ca-file", file)))
          .as(file)
          .contains(file)
          .contains("no certificate in PEM form");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          jdbc:postgresql://u:SECRET@host/db         | jdbc:postgresql://xxxxxx@host/db
          jdbc:postgresql://u:SEC/RET@host/db        | jdbc:postgresql://xxxxxx@host/db
          jdbc:postgresql://h/db?user=u&password=SECRET&ssl=true | jdbc:postgresql://h/db?user=u&password=xxxxxx&ssl=true
          jdbc:postgresql://h/db?sslpassword=SECRET  | jdbc:postgresql://h/db?sslpassword=xxxxxx
          jdbc:mariadb://h/db?trustStorePassword=SECRET | jdbc:mariadb://h/db?trustStorePassword=xxxxxx
          jdbc:h2:file:/x;USER=sa;PASSWORD=SECRET;MODE=x | jdbc:h2:file:/x;USER=sa;PASSWORD=xxxxxx;MODE=x
          https://u:SECRET@gateway.example.com/x     | https://xxxxxx@gateway.example.com/x
          https://gateway.example.com/x?mail=a@b     | https://gateway.example.com/x?mail=a@b
          u:SECRET@proxy:3128                        | xxxxxx@proxy:3128
          ops@example.com                            | ops@example.com
          """)
  void whatLogsInIsMasked(String text, String shown) {
    assertThat(Masked.of(text)).isEqualTo(shown);
  }
}
