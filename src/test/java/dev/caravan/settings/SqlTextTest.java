package dev.caravan.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlTextTest {

  @Test
  void replacesEachNamedParameterInOrderOfOccurrence() {
    SqlText sql = only("update t set a = :Amount, b = :b, c = :amount where k = :key_k");

    assertThat(sql.jdbc()).isEqualTo("update t set a = ?, b = ?, c = ? where k = ?");
    assertThat(sql.parameters()).containsExactly("amount", "b", "amount", "key_k");
    assertThat(sql.isUpdate()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select ':no ? ;', 'it''s :no' from t",
        "select \":no ? ;\" from t",
        "select `:no ? ;` from t",
        "select $$ :no ? ; ' $$ from t",
        "select $tag$ :no $$ ? ; $tag$ from t",
        "select E'it\\'s :no ? ;' from t",
        "select a -- :no ? ; it's\nfrom t",
        "select a /* :no ? ; ' /* nested :no */ ? */ from t",
        "select a::text, b :: int from t",
        "select @n := 1"
      })
  void leavesQuotesCommentsAndCastsAlone(String text) {
    SqlText sql = only(text);

    assertThat(sql.jdbc()).isEqualTo(text);
    assertThat(sql.parameters()).isEmpty();
  }

  @Test
  void findsAParameterThatIsCast() {
    SqlText sql = only("select :due::timestamp, (:n)");

    assertThat(sql.jdbc()).isEqualTo("select ?::timestamp, (?)");
    assertThat(sql.parameters()).containsExactly("due", "n");
  }

  @Test
  void splitsStatementsAndKnowsTheirLines() {
    List<SqlText> all =
        SqlText.statements(
            "-- answers\nupdate t set a = 1\nwhere b = ';';\n\n/* log */ insert into l\nvalues (1)"
                + " ;\n-- the end;\n");

    assertThat(all).extracting(SqlText::line).containsExactly(2, 5);
    assertThat(all)
        .extracting(SqlText::text)
        .containsExactly("update t set a = 1\nwhere b = ';'", "insert into l\nvalues (1)");
    assertThat(all).extracting(SqlText::isUpdate).containsExactly(true, false);
  }

  @Test
  void aTextOfCommentsAloneHasNoStatement() {
    assertThat(SqlText.statements("-- nothing\n/* here */ ;\n;")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "UPDATE t set a = 1                                             | update",
        "with x as (select 1 as update_no) update t set a = 1           | update",
        "with x as (update t set a = 1 returning a) select * from x     | select",
        "with x as (select 1), y as (select 2) insert into t select 1   | insert",
        "select a from t for update                                     | select",
        "(select 1) union (select 2)                                    | select",
        "merge into t using s on (1=1) when matched then update set a=1 | merge"
      })
  void seesWhatAStatementDoes(String text, String verb) {
    assertThat(only(text).verb()).isEqualTo(verb);
  }

  @Test
  void refusesALiteralQuestionMarkWithItsLine() {
    assertThatThrownBy(() -> SqlText.statements("load.sql", "update t\nset a = ?\nwhere b ? 'x'"))
        .isInstanceOfSatisfying(
            FaultsException.class,
            e -> {
              assertThat(e.faults()).extracting(Fault::line).containsExactly(2, 3);
              assertThat(e).hasMessageContaining("load.sql:2: a ? stands outside of quotes");
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"'open", "\"open", "`open", "$$open", "/* open", "/*/"})
  void refusesAQuoteOrCommentThatNeverEnds(String open) {
    assertThatThrownBy(() -> SqlText.statements("a.sql", "select 1;\nselect " + open))
        .isInstanceOf(FaultsException.class)
        .hasMessageContaining("a.sql:2: ")
        .hasMessageContaining("never ends");
  }

  private static SqlText only(String text) {
    List<SqlText> all = SqlText.statements(text);
    assertThat(all).hasSize(1);
    return all.get(0);
  }
}
