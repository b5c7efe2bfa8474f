package dev.caravan.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsdTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 0.00",
        "0.000000000000 | 0.00",
        "0.000000000012 | 0.000000000012",
        "0.0000805 | 0.0000805",
        "0.00001234567 | 0.0000123",
        "0.0046 | 0.0046",
        "0.00999999 | 0.01",
        "0.01 | 0.01",
        "0.123456 | 0.1235",
        "0.5 | 0.50",
        "-0.00002 | -0.00002",
        "4.125 | 4.13",
        "1234.5 | 1,234.50"
      })
  void spellsAmountsWithAsManyDigitsAsSaySomething(BigDecimal amount, String text) {
    assertThat(Usd.text(amount)).isEqualTo(text);
  }
}
