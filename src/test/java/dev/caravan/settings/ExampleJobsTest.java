package dev.caravan.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.ledger.LedgerTables;
import dev.caravan.ledger.Vendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.TestDatabase;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** The jobs that come with Caravan, on the tables that the README shows. */
class ExampleJobsTest {
  private static final Path HOME = Path.of("");
  private static final Timestamp DUE = Timestamp.valueOf("2026-11-20 23:00:00");

  @ParameterizedTest
  @ValueSource(strings = {"invoices", "tickets"})
  void passTheCheck(String job) {
    assertThat(
            JobCheck.check(
                JobReader.read(HOME, job),
                PricesReader.read(Path.of("config/prices.yaml")),
                Instant.parse("2026-11-20T12:00:00Z")))
        .isEmpty();
  }

  @EachDatabase
  void invoicesRunFromExtractToReport(TestDatabase database) {
    ledger(database, "invoices", "INV-003");
    database.execute(
        """
        create table invoices (invoice_no varchar(20) primary key, vendor varchar(200),
          description %s, amount numeric(12,2), received_on date, department varchar(60),
          extracted_amount numeric(12,2), summary varchar(500), approval_required boolean,
          processed_at timestamp null)
        """
            .formatted(text(database)),
        """
        insert into invoices (invoice_no, vendor, description, amount, received_on)
        values ('INV-003', 'Hotel', '%s', 285000.00, date '2026-11-19')
        """
            .formatted("Offsite ${room} <#if>"));
    Job job = JobReader.read(HOME, "invoices");

    Map<String, Object> row = extract(database, job);
    Prompt prompt = PromptTemplate.compile("prompt.md", job.prompt(), job.params()).render(row);
    load(
        database,
        job,
        Map.of(
            "department",
            "Admin",
            "amount",
            new BigDecimal("285000"),
            "summary",
            "Hotel conference offsite room",
            "approval_required",
            true,
            "caravan_answered_at",
            DUE,
            "key_invoice_no",
            "INV-003"));

    assertThat(row).containsEntry("invoice_no", "INV-003");
    assertThat(((Number) row.getOrDefault("description_length", 0)).intValue()).isEqualTo(21);
    assertThat(prompt.system()).contains("amount is 100000 or more");
    assertThat(prompt.user())
        .contains("Received: 2026-11-19", "on record: 285000\n", "Offsite ${room} <#if>\n");
    assertThat(report(database, job))
        .singleElement()
        .satisfies(
            line ->
                assertThat(line.get("line") + " | " + line.get("flag"))
                    .isEqualTo(
                        "INV-003 | Admin | 285000.00 | Hotel conference offsite room"
                            + " | APPROVAL REQUIRED"));
    assertThat(database.count("select count(*) from invoices where processed_at is null")).isZero();
  }

  @EachDatabase
  void ticketsRunFromExtractToReport(TestDatabase database) {
    ledger(database, "tickets", "7");
    database.execute(
        """
        create table tickets (id bigint primary key, subject varchar(300), body %s,
          created_at timestamp null, category varchar(20), priority varchar(20),
          language varchar(8), draft_answer %s, answered_at timestamp null)
        """
            .formatted(text(database), text(database)),
        "insert into tickets (id, subject, body, created_at)"
            + " values (7, 'Parcel?', 'Where is it', timestamp '2026-11-20 09:30:00')");
    Job job = JobReader.read(HOME, "tickets");

    Map<String, Object> row = extract(database, job);
    load(
        database,
        job,
        Map.of(
            "category", "delivery",
            "priority", "urgent",
            "language", "en",
            "draft_answer", "Dear customer",
            "caravan_answered_at", DUE,
            "key_id", 7L));

    assertThat(PromptTemplate.compile("prompt.md", job.prompt(), job.params()).render(row).user())
        .contains("Subject: Parcel?", "Received: 2026-11-20T09:30:00", "Where is it");
    assertThat(report(database, job))
        .singleElement()
        .isEqualTo(Map.of("line", "#7 | delivery | en | Parcel?", "flag", "URGENT"));
  }

  private static void ledger(TestDatabase database, String job, String key) {
    new LedgerTables(database.dataSource(), Vendor.of(database.url()), null).migrate();
    database.execute(
        """
        insert into caravan_request (nonce, n, run_id, pass, job, record_key, key_hash, row_hash,
          row_values, submission, attempt, custom_id, outcome)
        values ('aaaaaaaa', 0, 1, 1, '%s', '%s', 'k', 'r', '{}', 1, 1, 'c', 'completed')
        """
            .formatted(job, key));
  }

  private static Map<String, Object> extract(TestDatabase database, Job job) {
    SqlText sql = SqlText.statements(job.extractSql()).get(0);
    Map<String, Object> values = Map.of("due", DUE, "night", java.sql.Date.valueOf("2026-11-20"));
    List<Map<String, Object>> rows = database.query(sql.jdbc(), arguments(sql, values));
    assertThat(rows).hasSize(1);
    Map<String, Object> row = new LinkedHashMap<>(rows.get(0));
    row.replaceAll((column, value) -> value instanceof java.sql.Clob c ? text(c) : value);
    // as the source gives it
    row.replaceAll(
        (column, value) -> value instanceof java.sql.Timestamp t ? t.toLocalDateTime() : value);
    return row;
  }

  private static void load(TestDatabase database, Job job, Map<String, Object> answer) {
    for (SqlText sql : SqlText.statements(job.loadSql())) {
      assertThat(new JdbcTemplate(database.dataSource()).update(sql.jdbc(), arguments(sql, answer)))
          .isEqualTo(1);
    }
  }

  private static List<Map<String, Object>> report(TestDatabase database, Job job) {
    SqlText sql = SqlText.statements(String.valueOf(job.reportSql())).get(0);
    return database
        .query(
            sql.jdbc(),
            arguments(sql, Map.of("run", 1L, "started", LocalDateTime.of(2026, 1, 1, 0, 0))))
        .stream()
        .map(HashMap::new)
        .map(row -> (Map<String, Object>) row)
        .toList();
  }

  private static Object[] arguments(SqlText sql, Map<String, Object> values) {
    return sql.parameters().stream().map(values::get).toArray();
  }

  private static String text(TestDatabase database) {
    return database.url().toLowerCase(Locale.ROOT).contains(":h2:") ? "clob" : "text";
  }

  private static String text(java.sql.Clob clob) {
    try {
      return clob.getSubString(1, (int) clob.length());
    } catch (java.sql.SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
