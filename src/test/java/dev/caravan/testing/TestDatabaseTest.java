package dev.caravan.testing;

import static dev.caravan.testing.DatabaseVendor.MARIADB;
import static dev.caravan.testing.DatabaseVendor.POSTGRESQL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.TestInfo;
import org.springframework.dao.DataAccessException;

class TestDatabaseTest {
  @EachDatabase
  void givesRowsInOrderWithLabelsInLowerCase(TestDatabase database) {
    database.execute(
        "create table invoice (id int primary key, Supplier varchar(40))",
        "insert into invoice values (2, 'Grün & Söhne 🧾'), (1, null)");

    var rows = database.query("select Supplier, id as InvoiceId from invoice order by id");

    assertThat(rows).extracting("invoiceid").containsExactly(1, 2);
    assertThat(rows).extracting("supplier").containsExactly(null, "Grün & Söhne 🧾");
    assertThat(database.count("select count(*) from invoice where id > ?", 1)).isEqualTo(1);
  }

  @EachDatabase
  void isEmptyAndApartFromTheOthers(TestDatabase database) {
    database.execute("create table invoice (id int)");

    for (int i = 0; i < 40; i++) {
      try (var other = database.vendor().create()) {
        assertThat(other.name()).isNotEqualTo(database.name());
        other.execute("create table invoice (id int)", "insert into invoice values (1)");
      }
    }

    assertThat(database.count("select count(*) from invoice")).isZero();
  }

  @EachDatabase
  void goesAwayUnderOpenConnections(TestDatabase database) throws SQLException {
    var other = database.vendor().create();
    other.execute("create table invoice (id int)");
    try (var open = other.dataSource().getConnection()) {
      assertThat(open.isValid(5)).isTrue();
      other.close();
    }
    assertThatThrownBy(() -> other.query("select * from invoice"))
        .isInstanceOf(DataAccessException.class);
  }

  @EachDatabase
  void aRestrictedUserMayDoOnlyWhatIsGranted(TestDatabase database) {
    database.execute(
        "create table invoice (id int, paid int)", "insert into invoice values (1, 0)");

    var guest = database.restrictedUser("select, update on invoice");

    guest.execute("update invoice set paid = 1");
    assertThat(guest.count("select count(*) from invoice where paid = 1")).isEqualTo(1);
    for (var forbidden :
        List.of(
            "create table mine (id int)",
            "drop table invoice",
            "delete from invoice",
            "alter table invoice add more int")) {
      assertThatThrownBy(() -> guest.execute(forbidden))
          .as(forbidden)
          .isInstanceOf(DataAccessException.class);
    }
  }

  @EachDatabase({POSTGRESQL, MARIADB})
  void refusesAWrongPassword(TestDatabase database) {
    assertThatThrownBy(
            () ->
                java.sql.DriverManager.getConnection(database.url(), database.user(), "wrong")
                    .close())
        .isInstanceOf(SQLException.class);
  }

  @EachDatabase
  void isReachableFromASecondProcess(TestDatabase database) throws Exception {
    database.execute("create table invoice (id int)");

    var second =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                SecondProcess.class.getName(),
                database.url(),
                database.user(),
                database.password())
            .inheritIO()
            .start();

    assertThat(second.waitFor()).isZero();
    assertThat(database.count("select count(*) from invoice where id = 7")).isEqualTo(1);
  }

  @EachDatabase
  void isNamedInTheDisplayName(TestDatabase database, TestInfo test) {
    assertThat(test.getDisplayName()).startsWith("[" + database + "] isNamedIn");
    assertThat(database.toString()).isEqualTo(database.vendor().label());
  }

  /** What another JVM does: writes one row through the address alone. */
  static final class SecondProcess {
    public static void main(String[] args) throws SQLException {
      try (var connection = java.sql.DriverManager.getConnection(args[0], args[1], args[2]);
          var statement = connection.createStatement()) {
        statement.execute("insert into invoice values (7)");
      }
    }
  }
}
