package dev.caravan.check;

import dev.caravan.batch.TypedValues;
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
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Runs a job's load.sql for invented answers to the first record of the sample, or to one that
 * there is not, in a transaction that is rolled back.
 */
final class LoadTrial {
  private static final int TIMEOUT_SECONDS = 10;
  private static final LocalDate LONG_AGO = LocalDate.of(1901, 2, 3);

  /** MariaDB's TIMESTAMP begins in 1970. */
  private static final LocalDate ANSWERED = LocalDate.of(2001, 2, 3);

  private final Job job;
  private final SourceSample sample;
  private final String file;
  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;
  private final List<Fault> faults = new ArrayList<>();

  LoadTrial(Job job, SourceSample sample, DataSource writer) {
    this.job = job;
    this.sample = sample;
    this.file = "config/jobs/" + job.name() + "/load.sql";
    this.jdbc = new JdbcTemplate(writer);
    this.jdbc.setQueryTimeout(TIMEOUT_SECONDS);
    this.transaction = new TransactionTemplate(new DataSourceTransactionManager(writer));
  }

  List<Fault> faults() {
    List<SqlText> statements;
    try {
      statements = SqlText.statements(file, job.loadSql());
    } catch (FaultsException told) {
      return faults;
    }
    transaction.executeWithoutResult(
        tx -> {
          tx.setRollbackOnly();
          int answers = SampleAnswer.count(job.schema());
          for (int i = 0; i < answers && faults.isEmpty(); i++) {
            all(tx, statements, values(i));
          }
        });
    return faults;
  }

  private void all(
      TransactionStatus tx, List<SqlText> statements, Map<String, @Nullable Object> values) {
    Object before = tx.createSavepoint();
    boolean first = true;
    for (SqlText statement : statements) {
      int changed = run(tx, statement, values);
      if (statement.isUpdate() && changed >= 0) {
        counted(statement, changed, first && !job.severalRows());
        first = false;
      }
    }
    tx.rollbackToSavepoint(before);
  }

  /** How many rows it changed; less than none when that is not known. */
  private int run(TransactionStatus tx, SqlText statement, Map<String, @Nullable Object> values) {
    if (!values.keySet().containsAll(statement.parameters())) {
      return -1;
    }
    @Nullable Object[] parameters = statement.parameters().stream().map(values::get).toArray();
    Object before = tx.createSavepoint();
    try {
      return jdbc.batchUpdate(statement.jdbc(), List.<Object[]>of(parameters))[0];
    } catch (DataAccessException e) {
      tx.rollbackToSavepoint(before);
      told(statement, e);
      return -1;
    }
  }

  /** As the night counts them: an answer that finds no row, or several, is not loaded. */
  private void counted(SqlText statement, int changed, boolean exactlyOne) {
    if (sample.rows().isEmpty() || !sample.columns().keySet().containsAll(job.key())) {
      return;
    }
    String record = SourceSample.name(job.key(), sample.rows().get(0), 1);
    if (changed == 0) {
      faults.add(
          new Fault(
              file,
              statement.line(),
              "the UPDATE finds no row for " + record + ", which extract.sql gives",
              "Compare its where, and the table, with extract.sql: such answers would be paid and"
                  + " not loaded."));
    } else if (changed > 1 && exactlyOne) {
      faults.add(
          new Fault(
              file,
              statement.line(),
              "the UPDATE changes " + changed + " rows for " + record,
              "Such answers would not be loaded: correct its where, or set"
                  + " load.several-rows=allow in job.properties if that is right."));
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
          faults.add(
              place
                  .fault(
                      failure, "The database is busy, or somebody works on this row: check again.")
                  .asWarning());
      case DATA -> {
        if (statement.isUpdate() || statement.verb().equals("delete")) {
          faults.add(
              place
                  .fault(
                      failure,
                      "An answer that fits output.schema.json does not fit its column: compare their types, values and lengths.")
                  .asWarning());
        }
      }
    }
  }

  private Map<String, @Nullable Object> values(int answer) {
    Map<String, @Nullable Object> values =
        new LinkedHashMap<>(SampleAnswer.of(job.schema(), answer));
    Map<String, @Nullable Object> kept = new LinkedHashMap<>();
    job.key().forEach(key -> kept.put("key_" + key, value(key)));
    sample.columns().keySet().stream()
        .filter(column -> column.startsWith("keep_"))
        .forEach(column -> kept.put(column, value(column)));
    // as they come back from the ledger
    values.putAll(TypedValues.read(TypedValues.write(kept)));
    values.put("caravan_model", job.model());
    values.put("caravan_batch", "msgbatch_check");
    values.put("caravan_cost_usd", BigDecimal.ZERO);
    values.put("caravan_answered_at", ANSWERED.atTime(LocalTime.NOON));
    return values;
  }

  private @Nullable Object value(String column) {
    return sample.rows().isEmpty() ? nobody(column) : sample.rows().get(0).get(column);
  }

  /** A value of the column's type that no row has. */
  private Object nobody(String column) {
    return switch (sample.columns().getOrDefault(column, Types.VARCHAR)) {
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
