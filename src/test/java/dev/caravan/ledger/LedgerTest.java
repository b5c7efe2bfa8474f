package dev.caravan.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class LedgerTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "from caravan_record r | from etl.caravan_record r",
        "from CARAVAN_RECORD r | from etl.CARAVAN_RECORD r",
        "from etl.caravan_record r | from etl.caravan_record r",
        "from other.caravan_record r | from other.caravan_record r",
        "from x join caravan_batch on caravan_batch.n = 1 |"
            + " from x join etl.caravan_batch on etl.caravan_batch.n = 1",
        "set model = :caravan_model | set model = :caravan_model",
        "from my_caravan_table | from my_caravan_table"
      })
  void namesTheSchemaOfATableOnce(String sql, String qualified) {
    assertThat(in("etl").qualified(sql)).isEqualTo(qualified);
  }

  @ParameterizedTest
  @CsvSource({"from caravan_etl.caravan_record r", "from CARAVAN_ETL.caravan_record r"})
  void leavesASchemaAloneThatIsNamedLikeATable(String sql) {
    assertThat(in("caravan_etl").qualified(sql)).isEqualTo(sql);
  }

  private static Ledger in(String schema) {
    return new Ledger(new DriverManagerDataSource(), Vendor.H2, schema);
  }
}
