package dev.caravan.check;

import dev.caravan.settings.Fault;
import dev.caravan.settings.FaultsException;
import dev.caravan.settings.Job;
import dev.caravan.settings.SqlText;
import dev.caravan.source.SourceRows;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Runs a job's extract.sql for its first rows, as if it were due now; changes nothing. */
final class SourceSql {
  /** So many rows are read, every column of each, and put through rules and prompt. */
  static final int ROWS = 200;

  private static final int TIMEOUT_SECONDS = 120;

  /** A query that takes longer is not run twice. */
  private static final Duration SLOW = Duration.ofSeconds(20);

  private final Job job;
  private final String file;
  private final DataSource reader;
  private final LocalDateTime due;
  private final List<Fault> faults = new ArrayList<>();
  private long began;

  SourceSql(Job job, DataSource reader, Clock clock) {
    this.job = job;
    this.file = "config/jobs/" + job.name() + "/extract.sql";
    this.reader = reader;
    this.due = LocalDateTime.now(clock.withZone(job.zone())).withNano(0);
  }

  List<Fault> faults() {
    return faults;
  }

  /** Its columns and first rows; none of both when it fails. */
  SourceSample read() {
    List<SqlText> statements;
    try {
      statements = SqlText.statements(file, job.extractSql());
    } catch (FaultsException told) {
      return SourceSample.NONE;
    }
    if (statements.size() != 1) {
      return SourceSample.NONE;
    }
    SqlText sql = statements.get(0);
    try {
      UnreadableColumns unreadable = new UnreadableColumns(file, sql, job.key());
      began = System.nanoTime();
      SourceSample sample = read(sql, due, unreadable);
      faults.addAll(unreadable.faults());
      faults.addAll(new SampleKeys(job, file, sql).faults(sample));
      unsteady(sql, sample);
      noRow(sample, unreadable);
      return sample;
    } catch (SQLException | RuntimeException e) {
      faults.add(
          new SqlPlace(file, sql)
              .fault(e, "Correct it, or give the account of CARAVAN_SOURCE_USER the right."));
      return SourceSample.NONE;
    }
  }

  private SourceSample read(SqlText sql, LocalDateTime at, UnreadableColumns unreadable)
      throws SQLException {
    try (Connection connection = reader.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql.jdbc())) {
      try {
        statement.setMaxRows(ROWS);
        statement.setQueryTimeout(TIMEOUT_SECONDS);
        for (int i = 0; i < sql.parameters().size(); i++) {
          boolean night = sql.parameters().get(i).equals("night");
          statement.setObject(i + 1, night ? at.toLocalDate() : at);
        }
        try (ResultSet found = statement.executeQuery()) {
          List<Map<String, @Nullable Object>> rows = new ArrayList<>();
          while (found.next()) {
            unreadable.read(found).map(row -> SourceRows.of(row, job.zone())).ifPresent(rows::add);
          }
          return SourceSample.of(found.getMetaData(), rows);
        }
      } finally {
        connection.rollback();
      }
    }
  }

  /** Reads again, for a run a day later: what differs then makes each row look changed. */
  private void unsteady(SqlText sql, SourceSample sample) throws SQLException {
    if (job.whenChanged() == Job.WhenChanged.SKIP || sample.rows().isEmpty()) {
      return;
    }
    if (System.nanoTime() - began > SLOW.toNanos()) {
      return;
    }
    UnsteadyColumns unsteady = new UnsteadyColumns(job, file, sql);
    unsteady.waitForTheClock();
    UnreadableColumns told = new UnreadableColumns(file, sql, job.key());
    faults.addAll(unsteady.faults(sample, read(sql, due.plusDays(1), told)));
  }

  private void noRow(SourceSample sample, UnreadableColumns unreadable) {
    if (sample.rows().isEmpty() && unreadable.faults().isEmpty()) {
      faults.add(
          Fault.in(
                  file,
                  "gives no row now, so prompt and rules could not be tried",
                  "Check again when there is a record to send.")
              .asWarning());
    }
  }
}
