package dev.caravan.settings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people see of a URL. */
class MaskedTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "jdbc:postgresql://u:SECRET@host/db     | jdbc:postgresql://xxxxxx@host/db",
        "jdbc:postgresql://u:SEC/RET@host/db    | jdbc:postgresql://xxxxxx@host/db",
        "jdbc:postgresql://u:SEC@RET@host/db    | jdbc:postgresql://xxxxxx@host/db",
        "jdbc:postgresql://h/d?user=u&password=SECRET&ssl=true | jdbc:postgresql://h/d?user=u&password=xxxxxx&ssl=true",
        "jdbc:mariadb://h/d?keyStorePassword=SECRET | jdbc:mariadb://h/d?keyStorePassword=xxxxxx",
        "jdbc:h2:file:/d;USER=u;PASSWORD=SECRET;X=1 | jdbc:h2:file:/d;USER=u;PASSWORD=xxxxxx;X=1",
        "refused by https://me:SECRET@gw.example/a?b (401) | refused by https://xxxxxx@gw.example/a?b (401)",
        "https://gw.example/?api_token=SECRET   | https://gw.example/?api_token=xxxxxx",
        "jdbc:postgresql://host:5432/db?x=a@b   | jdbc:postgresql://host:5432/db?x=a@b",
        "jdbc:postgresql://[::1]:5432/db        | jdbc:postgresql://[::1]:5432/db",
        "jdbc:postgresql://h1:5432,h2:5433/db   | jdbc:postgresql://h1:5432,h2:5433/db",
        "https://hc-ping.com/id for a@b.example | https://hc-ping.com/id for a@b.example"
      })
  void passwordsAreMaskedAndNothingElse(String text, String shown) {
    assertThat(Masked.of(text)).isEqualTo(shown);
  }
}
