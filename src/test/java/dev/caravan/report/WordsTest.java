package dev.caravan.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {
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
