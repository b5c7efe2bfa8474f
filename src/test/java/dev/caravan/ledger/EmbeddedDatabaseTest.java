package dev.caravan.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.settings.FaultsException;
import dev.caravan.settings.Secret;
import dev.caravan.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The embedded database is closed to other accounts, and runs no code for anybody. */
class EmbeddedDatabaseTest {
  @TempDir Path data;

  private String url() {
    return "jdbc:h2:file:" + data.resolve("ledger") + ";AUTO_SERVER=TRUE";
  }

  private Settings.Database login() throws IOException, SQLException {
    return EmbeddedDatabase.withLogin(new Settings.Database(url(), null, new Secret(""), null));
  }

  private static Connection open(Settings.Database login) throws SQLException {
    return DriverManager.getConnection(login.url(), login.user(), login.password().reveal());
  }

  private static void run(Connection connection, String... statements) throws SQLException {
    try (Statement sql = connection.createStatement()) {
      for (String statement : statements) {
        sql.execute(statement);
      }
    }
  }

  private void assertThatNobodyHasTheEmptyPassword() {
    for (String user : List.of("", "sa", "CARAVAN")) {
      assertThatThrownBy(() -> DriverManager.getConnection(url(), user, ""))
          .as("user <%s>", user)
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("Wrong user name or password");
    }
  }

  @Test
  void aNewOneHasAPasswordOfItsOwnAndFilesOfItsOwner() throws Exception {
    Settings.Database login = login();
    try (Connection connection = open(login)) {
      run(connection, "create table invoices (id int primary key)", "create schema etl");
      run(
          connection,
          "create table etl.caravan_run (id int)",
          "insert into etl.caravan_run values (1)");
      EmbeddedDatabase.tighten(login);
      assertThat(modes()).isNotEmpty().allMatch(mode -> mode.endsWith(" rw-------"));
      assertThat(Files.exists(data.resolve("ledger.lock.db"))).isTrue();
      assertThatNobodyHasTheEmptyPassword();
    }
    assertThat(login.password().reveal()).hasSize(32).isEqualTo(login().password().reveal());
    assertThat(Files.readString(data.resolve("ledger.password")))
        .startsWith(login.password().reveal());
  }

  private List<String> modes() throws IOException {
    try (Stream<Path> files = Files.list(data)) {
      return files.map(EmbeddedDatabaseTest::mode).toList();
    }
  }

  private static String mode(Path file) {
    try {
      return file.getFileName()
          + " "
          + PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "create alias sh as $$ String sh(String c) { return c; } $$",
        "create alias property for \"java.lang.System.getProperty\"",
        "create trigger t before insert on invoices call \"x.Y\"",
        "create aggregate a for \"x.Y\"",
        "create linked table l ('', 'jdbc:h2:mem:', '', '', 'T')",
        "call link_schema('s', '', 'jdbc:h2:mem:', '', '', 'PUBLIC')",
        "select file_read('/etc/hostname')",
        "select file_write('x', '/tmp/caravan-no')",
        "select * from csvread('/etc/hostname')",
        "call csvwrite('/tmp/caravan-no', 'select 1')",
        "runscript from '/etc/hostname'",
        "script to '/tmp/caravan-no'",
        "backup to '/tmp/caravan-no'",
        "create table e (id int) engine \"x.Y\"",
        "create user eve password 'eve' admin",
        "alter user caravan admin true",
        "set trace_level_file 3",
        "shutdown"
      })
  void itsAccountRunsNoCodeAndTouchesNoOtherFile(String statement) throws Exception {
    try (Connection connection = open(login())) {
      run(connection, "create table invoices (id int primary key)");
      assertThatThrownBy(() -> run(connection, statement))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("Admin rights are required");
    }
  }

  @Test
  void oneOfAnOlderCaravanIsSecuredAndKeepsItsRows() throws Exception {
    try (Connection older = DriverManager.getConnection(url(), "", "")) {
      run(older, "create table invoices (id int primary key)", "insert into invoices values (7)");
    }
    assertThat(modes()).anyMatch(mode -> mode.equals("ledger.mv.db rw-r--r--"));

    try (Connection connection = open(login())) {
      run(
          connection,
          "update invoices set id = 8",
          "alter table invoices add column dept varchar(9)");
    }

    assertThat(modes()).allMatch(mode -> mode.endsWith(" rw-------"));
    assertThatNobodyHasTheEmptyPassword();
  }

  /** Killed after each of the statements that make the account. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  void aProcessThatDiedHalfWayIsNoObstacle(int done) throws Exception {
    String password = "0123456789abcdef0123456789abcdef";
    Files.writeString(data.resolve("ledger.password.new"), password + "\n");
    String[] statements = {
      "alter user \"\" set password '" + password + "'",
      "create user if not exists CARAVAN password '" + password + "'",
      "alter user CARAVAN set password '" + password + "'",
      "grant alter any schema to CARAVAN",
      "alter user \"\" set password 'nobody knows'"
    };
    try (Connection older = DriverManager.getConnection(url(), "", "")) {
      run(older, "create table invoices (id int primary key)");
      run(older, Arrays.copyOf(statements, done));
    }

    Settings.Database login = login();

    assertThat(login.password().reveal()).isEqualTo(password);
    try (Connection connection = open(login)) {
      run(connection, "insert into invoices values (1)");
    }
    assertThatNobodyHasTheEmptyPassword();
    assertThat(Files.exists(data.resolve("ledger.password.new"))).isFalse();
  }

  @Test
  void aLostPasswordIsToldWithTheFileThatIsMissing() throws Exception {
    login();
    Files.delete(data.resolve("ledger.password"));

    assertThatThrownBy(this::login)
        .isInstanceOf(FaultsException.class)
        .hasMessageContaining(data.resolve("ledger.password") + " is not there")
        .hasMessageContaining("Put that file back");
  }

  @Test
  void aDatabaseThatWasRemovedIsMadeAgainWithoutAnAdministrator() throws Exception {
    login();
    Files.delete(data.resolve("ledger.mv.db"));

    try (Connection connection = open(login())) {
      assertThatThrownBy(() -> run(connection, "create alias a for \"java.lang.Math.abs\""))
          .hasMessageContaining("Admin rights are required");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:h2:mem:x",
        "jdbc:h2:tcp://127.0.0.1:9/x",
        "jdbc:h2:file:/x;USER=me;PASSWORD=mine",
        "jdbc:postgresql://127.0.0.1/x"
      })
  void noOtherDatabaseIsGivenALogin(String url) throws Exception {
    Settings.Database database = new Settings.Database(url, null, new Secret(""), null);
    assertThat(EmbeddedDatabase.withLogin(database)).isSameAs(database);
  }
}
