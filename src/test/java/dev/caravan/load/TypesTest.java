package dev.caravan.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.caravan.batch.KeyTypes;
import dev.caravan.batch.RecordKey;
import dev.caravan.batch.RowHash;
import dev.caravan.batch.TypedValues;
import dev.caravan.ledger.Vendor;
import dev.caravan.settings.PromptTemplate;
import dev.caravan.source.SourceRows;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.NightFixture;
import dev.caravan.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TimeZone;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.ColumnMapRowMapper;
import org.springframework.jdbc.core.JdbcTemplate;

/** The tables of docs/values.md, held against real servers. */
class TypesTest {
  private static final ZoneId ZONE = ZoneId.of("Asia/Kolkata");
  private static final Pattern LINE =
      Pattern.compile("\\| `(.+?)`[^|]* \\| `(.+?)`[^|]* \\| (?:`(.*)` )?\\| (yes|no) \\|");

  @TempDir Path home;

  /** One line of the tables. */
  record Type(String name, String literal, @Nullable String prompt, boolean key) {
    @Override
    public String toString() {
      return name + " " + literal;
    }
  }

  private static List<Type> documented(DatabaseVendor vendor) throws IOException {
    String section =
        switch (vendor) {
          case POSTGRESQL -> "### PostgreSQL";
          case MARIADB -> "### MariaDB";
          case H2 -> "### H2";
        };
    return Files.readAllLines(Path.of("docs/values.md")).stream()
        .dropWhile(line -> !line.equals(section))
        .skip(1)
        .takeWhile(line -> !line.startsWith("#"))
        .map(LINE::matcher)
        .filter(Matcher::matches)
        .map(
            cell ->
                new Type(cell.group(1), cell.group(2), cell.group(3), cell.group(4).equals("yes")))
        .toList();
  }

  private static Map<String, @Nullable Object> row(DataSource reader, int id) {
    JdbcTemplate source = new JdbcTemplate(reader);
    Map<String, @Nullable Object> row =
        source.queryForObject(
            "select v as \"V\", v as keep_v from one where id = ?", new ColumnMapRowMapper(), id);
    return SourceRows.of(Objects.requireNonNull(row), ZONE);
  }

  private static int update(DataSource writer, String sql, Object... values) {
    return new JdbcTemplate(writer).batchUpdate(sql, List.<Object[]>of(values))[0];
  }

  /** The value as load.sql gets it weeks later. */
  private static Object kept(Vendor vendor, Map<String, @Nullable Object> row) {
    Map<String, @Nullable Object> keyed = new LinkedHashMap<>();
    keyed.put("keep_v", row.get("v"));
    Map<String, @Nullable Object> back = new LinkedHashMap<>();
    TypedValues.read(TypedValues.write(keyed))
        .forEach((name, value) -> back.put(name, LoadRow.parameter(value)));
    Object value = Objects.requireNonNull(back.get("keep_v"));
    return value instanceof Instant at ? vendor.instant(at, ZoneOffset.UTC, at) : value;
  }

  @EachDatabase
  void everyTypeIsShownKeptAndFoundAgainAsTheDatabaseHasIt(TestDatabase database) throws Exception {
    boolean mariaDb = database.vendor() == DatabaseVendor.MARIADB;
    // MariaDB keeps zero dates and the session's zone only where a session asks for it
    String options =
        mariaDb
            ? "sessionVariables=sql_mode='ANSI_QUOTES',time_zone='+00:00'&maximumPoolSize=1"
            : "";
    try (NightFixture night = NightFixture.in(home, database)) {
      if (mariaDb) {
        String url = database.url();
        night.set("db.url", url + (url.contains("?") ? "&" : "?") + options);
      }
      if (database.vendor() == DatabaseVendor.POSTGRESQL) {
        database.execute(
            "create type mood as enum ('sad', 'Happy day')",
            "create domain whole as integer check (value > 0)",
            "create type pair as (a integer, b text)");
      }
      night.start();
      DataSource reader = night.application().bean("reader", DataSource.class);
      DataSource writer = night.application().bean("writer", DataSource.class);
      List<Type> types = documented(database.vendor());
      assertThat(types).hasSizeGreaterThan(25);
      SoftAssertions all = new SoftAssertions();
      Vendor vendor = Vendor.of(database.url());
      types.forEach(type -> check(type, vendor, reader, writer, all));
      all.assertAll();
    }
  }

  private static void check(
      Type type, Vendor vendor, DataSource reader, DataSource writer, SoftAssertions all) {
    try {
      JdbcTemplate target = new JdbcTemplate(writer);
      target.execute("drop table if exists one");
      target.execute(
          "create table one(id integer primary key, v %1$s, copy %1$s)".formatted(type.name()));
      target.execute("insert into one(id, v) values (1, %s)".formatted(type.literal()));
      target.execute("insert into one(id, v) values (2, null)");
      Map<String, @Nullable Object> row = row(reader, 1);
      String prompt = type.prompt();
      if (prompt != null) {
        String text = PromptTemplate.compile("prompt.md", "[${v}]", Map.of()).render(row).user();
        all.assertThat(text).as("%s in the prompt", type).isEqualTo("[" + prompt + "]");
        all.assertThat(row.get("v")).as("%s to a route", type).isNotInstanceOf(byte[].class);
      }
      all.assertThat(row(reader, 2)).as("NULL of %s", type).containsEntry("v", null);
      all.assertThat(KeyTypes.fault(List.of("v"), row).isEmpty())
          .as("%s as a key", type)
          .isEqualTo(type.key());
      if (type.key()) {
        Object key = kept(vendor, row);
        // a text of its own: a statement once prepared keeps the types of another line's columns
        String sql = "update one set copy = ? where v = ? /* " + type.name() + " */";
        all.assertThat(update(writer, sql, key, key)).as("%s found by its key", type).isEqualTo(1);
      } else if (!type.name().endsWith("array")) {
        update(writer, "update one set copy = ? where id = 1", kept(vendor, row));
      }
      if (type.key() || !type.name().endsWith("array")) {
        target.execute("update one set v = copy where id = 1");
        all.assertThat(RowHash.of(row(reader, 1))).as("%s kept", type).isEqualTo(RowHash.of(row));
      }
      inAnyZone(type, reader, row, all);
    } catch (RuntimeException e) {
      all.fail(type + ": " + e, e);
    }
  }

  /** Connections are made anew, as on another machine. */
  private static void inAnyZone(
      Type type, DataSource reader, Map<String, @Nullable Object> row, SoftAssertions all) {
    TimeZone before = TimeZone.getDefault();
    try {
      for (String zone : List.of("America/New_York", "Europe/Berlin")) {
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        reader.unwrap(HikariDataSource.class).getHikariPoolMXBean().softEvictConnections();
        Map<String, @Nullable Object> there = row(reader, 1);
        all.assertThat(RowHash.of(there)).as("%s in %s", type, zone).isEqualTo(RowHash.of(row));
        all.assertThat(RecordKey.of(List.of("v"), there))
            .as("key %s in %s", type, zone)
            .isEqualTo(RecordKey.of(List.of("v"), row));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    } finally {
      TimeZone.setDefault(before);
    }
  }
}
