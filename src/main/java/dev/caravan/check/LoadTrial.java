package dev.caravan.check;

import dev.caravan.ledger.SqlFault;
import dev.caravan.settings.Fault;
import dev.caravan.settings.FaultsException;
import dev.caravan.settings.Job;
import dev.caravan.settings.SqlText;
import java.math.BigDecimal;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Runs a job's load.sql for an invented answer to a record that there is not, in a transaction that
 * is rolled back.
 */
final class LoadTrial {
  private static final LocalDate LONG_AGO = LocalDate.of(1901, 2, 3);

  private final Job job;
  private final SourceRow row;
  private final String file;
  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;
  private final List<Fault> faults = new ArrayList<>();

  LoadTrial(Job job, SourceRow row, DataSource writer) {
    this.job = job;
    this.row = row;
    this.file = "config/jobs/" + job.name() + "/load.sql";
    this.jdbc = new JdbcTemplate(writer);
    this.transaction = new TransactionTemplate(new DataSourceTransactionManager(writer));
  }

  List<Fault> faults() {
    List<SqlText> statements;
    try {
      statements = SqlText.statements(file, job.loadSql());
    } catch (FaultsException told) {
      return faults;
    }
    Map<String, @Nullable Object> values = values();
    transaction.executeWithoutResult(
        tx -> {
          tx.setRollbackOnly();
          statements.forEach(statement -> run(tx, statement, values));
        });
    return faults;
  }

  private void run(TransactionStatus tx, SqlText statement, Map<String, @Nullable Object> values) {
    if (!values.keySet().containsAll(statement.parameters())) {
      return;
    }
    @Nullable Object[] parameters = statement.parameters().stream().map(values::get).toArray();
    Object before = tx.createSavepoint();
    try {
      jdbc.batchUpdate(statement.jdbc(), List.<Object[]>of(parameters));
    } catch (DataAccessException e) {
      told(statement, e);
    } finally {
      tx.rollbackToSavepoint(before);
    }
  }

  /** Invented values may break constraints that real ones keep; their types are as real. */
  private void told(SqlText statement, DataAccessException failure) {
    SqlPlace place = new SqlPlace(file, statement);
    switch (SqlFault.of(failure)) {
      case OTHER ->
          faults.add(
              place.fault(
                  failure, "Correct it, or give the account of CARAVAN_DB_USER the right."));
      case TRANSIENT ->
          faults.add(place.fault(failure, "The database is busy: check again.").asWarning());
      case DATA -> {
        if (statement.isUpdate() || statement.verb().equals("delete")) {
          faults.add(
              place
                  .fault(
                      failure,
                      "An answer that fits output.schema.json may not fit its column: see to its type.")
                  .asWarning());
        }
      }
    }
  }

  private Map<String, @Nullable Object> values() {
    Map<String, @Nullable Object> values = new LinkedHashMap<>(SampleAnswer.of(job.schema()));
    job.key().forEach(key -> values.put("key_" + key, nobody(key)));
    row.columns()
        .forEach(
            (column, type) -> {
              if (column.startsWith("keep_")) {
                values.put(
                    column, Objects.requireNonNullElseGet(row.value(column), () -> nobody(column)));
              }
            });
    values.put("caravan_model", job.model());
    values.put("caravan_batch", "msgbatch_check");
    values.put("caravan_cost_usd", BigDecimal.ZERO);
    values.put("caravan_answered_at", LONG_AGO.atStartOfDay());
    return values;
  }

  /** A value of the column's type that no row has. */
  private Object nobody(String column) {
    if (row.value(column) instanceof UUID) {
      return UUID.randomUUID();
    }
    return switch (row.columns().getOrDefault(column, Types.VARCHAR)) {
      case Types.TINYINT -> -128L;
      case Types.SMALLINT -> -32_768L;
      case Types.INTEGER -> (long) Integer.MIN_VALUE;
      case Types.BIGINT, Types.NUMERIC, Types.DECIMAL, Types.DOUBLE, Types.REAL, Types.FLOAT ->
          -999_999_999L;
      case Types.BOOLEAN, Types.BIT -> false;
      case Types.DATE -> LONG_AGO;
      case Types.TIMESTAMP, Types.TIMESTAMP_WITH_TIMEZONE ->
          LocalDateTime.of(LONG_AGO, LocalTime.NOON);
      case Types.TIME -> LocalTime.NOON;
      default -> "~no such record~";
    };
  }
}
