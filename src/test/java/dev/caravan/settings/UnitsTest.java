package dev.caravan.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One way to write a duration, and one to read it in a sentence. */
class UnitsTest {
  @ParameterizedTest
  @CsvSource({
    "59, 59 s",
    "60, 1 min",
    "3599, 59 min",
    "3600, 1 h",
    "15120, 4 h 12 min",
    "86400, 24 h",
    "-5, 0 s"
  })
  void spellsDurationsForPeople(long seconds, String text) {
    assertThat(Units.words(Duration.ofSeconds(seconds))).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "300ms", "5s", "5m", "20h", "30d", "1h30m", "2d3h4m5s6ms"})
  void writesDurationsAsItReadsThem(String text) {
    assertThat(Units.text(Units.duration(text))).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "5", "5 m", "m", "-5m", "1.5h", "5w", "99999999999999999999d", "soon"})
  void refusesWhatIsNoDuration(String text) {
    assertThatThrownBy(() -> Units.duration(text)).isInstanceOf(RuntimeException.class);
  }
}
