package dev.caravan.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {

  @ParameterizedTest
  @CsvSource({"59, 59 s", "60, 1 min", "3599, 59 min", "15120, 4 h 12 min", "-5, 0 s"})
  void spellsDurationsForPeople(long seconds, String text) {
    assertThat(Words.duration(Duration.ofSeconds(seconds))).isEqualTo(text);
  }

  @Test
  void makesOneLineOfAnyTextWithoutCuttingACharacterInTwo() {
    assertThat(Words.line(" a\r\n\tb\u2028c\u0000 ", 10)).isEqualTo("a b c");
    assertThat(Words.line("ab🧾cd", 3)).isEqualTo("ab…");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {"INV-003 | INV-003", "a b | 'a b'", "$(x)'y | '$(x)'\\''y'", "-x | '-x'"})
  void quotesWordsOfCommandsForAShell(String word, String quoted) {
    assertThat(Words.shell(word)).isEqualTo(quoted);
  }
}
