package dev.caravan.ledger;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.core.BatchPreparedStatementSetter;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The database with Caravan's tables: statements with the tables' schema filled in, transactions,
 * and the clock that leases go by. Thread-safe.
 */
public final class Ledger {
  /** Rows of one insert: more gain nothing, and databases limit the parameters of a statement. */
  private static final int ROWS = 100;

  /** Rows of a person's statement in memory at a time. */
  private static final int FETCH = 500;

  /** Rows that PostgreSQL is given as arrays. */
  private static final int ARRAY = 500;

  private final Vendor vendor;
  private final String prefix;
  private final Pattern bareTable;
  private final JdbcTemplate jdbc;
  private final JdbcClient client;
  private final TransactionTemplate transaction;
  private final TransactionTemplate apart;
  private final TransactionTemplate alone;

  public Ledger(DataSource dataSource, Vendor vendor, @Nullable String schema) {
    this.vendor = vendor;
    this.prefix = schema == null || schema.isBlank() ? "" : schema + ".";
    // not a table that names its schema, the schema's own name, a parameter or a quoted word
    this.bareTable =
        Pattern.compile("(?i)(?<![\\w.:\"'`])(?!" + Pattern.quote(prefix) + ")caravan_");
    this.jdbc = new JdbcTemplate(dataSource);
    this.client = JdbcClient.create(jdbc);
    var manager = new DataSourceTransactionManager(dataSource);
    this.transaction = new TransactionTemplate(manager);
    this.apart = new TransactionTemplate(manager);
    apart.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
    this.alone = new TransactionTemplate(manager);
    alone.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
  }

  public Vendor vendor() {
    return vendor;
  }

  /** Runs {@code work} in one transaction, with its savepoints: ledger and load change together. */
  public <T extends @Nullable Object> T inTransaction(Function<TransactionStatus, T> work) {
    return transaction.execute(work::apply);
  }

  /** A statement with named parameters; {@code caravan_…} tables get their schema. */
  public JdbcClient.StatementSpec sql(String sql) {
    return client.sql(qualified(sql));
  }

  /** One statement for many rows of positional parameters; returns the count of each. */
  public int[] batch(String sql, List<@Nullable Object[]> rows) {
    return rows.isEmpty()
        ? new int[0]
        : jdbc.batchUpdate(
            qualified(sql),
            new BatchPreparedStatementSetter() {
              @Override
              public void setValues(PreparedStatement statement, int row) throws SQLException {
                set(statement, rows.subList(row, row + 1));
              }

              @Override
              public int getBatchSize() {
                return rows.size();
              }
            });
  }

  /** The driver knows best how to bind the types that the ledger has. */
  private static void set(PreparedStatement statement, List<@Nullable Object[]> rows)
      throws SQLException {
    int place = 1;
    for (@Nullable Object[] row : rows) {
      for (Object value : row) {
        statement.setObject(place++, value);
      }
    }
  }

  /** Inserts many rows with few statements. */
  void insert(String table, Columns columns, List<@Nullable Object[]> rows) {
    String head = qualified("insert into " + table + " (" + columns.names() + ") ");
    for (List<@Nullable Object[]> some : portions(rows)) {
      if (vendor.takesArrays()) {
        String all = head + "select * from unnest(" + columns.arrays() + ")";
        jdbc.update(all, statement -> columns.bind(statement, some));
      } else {
        String row = "(" + columns.marks() + ")";
        String all = head + "values " + row + (", " + row).repeat(some.size() - 1);
        jdbc.update(all, statement -> set(statement, some));
      }
    }
  }

  /** Updates a row for each item, with few statements; the items whose row did change, in order. */
  <T> List<T> update(RowUpdate update, List<T> items, Function<T, @Nullable Object[]> values) {
    List<@Nullable Object[]> rows = items.stream().map(values).toList();
    BitSet changed = new BitSet(rows.size());
    if (vendor.takesArrays()) {
      int before = 0;
      for (List<@Nullable Object[]> some : portions(rows)) {
        for (int place : updateAll(update, some)) {
          changed.set(before + place);
        }
        before += some.size();
      }
    }
    // also those whose row moved under the statement above, because another transaction changed it
    int[] left = IntStream.range(0, rows.size()).filter(i -> !changed.get(i)).toArray();
    int[] counts = batch(update.one(), Arrays.stream(left).mapToObj(rows::get).toList());
    for (int i = 0; i < counts.length; i++) {
      changed.set(left[i], updated(counts[i]));
    }
    return changed.stream().mapToObj(items::get).toList();
  }

  /** The places, from 0, of the rows that did change. */
  private List<Integer> updateAll(RowUpdate update, List<@Nullable Object[]> rows) {
    return jdbc.query(
        connection -> {
          var statement =
              Vendor.plannedEachTime(connection.prepareStatement(qualified(update.all())));
          update.columns().bind(statement, rows);
          return statement;
        },
        (row, i) -> row.getInt("place"));
  }

  private static boolean updated(int count) {
    if (count < 0) {
      throw new IllegalStateException("The database gives no update counts: R4 can't hold");
    }
    return count == 1;
  }

  private List<List<@Nullable Object[]>> portions(List<@Nullable Object[]> rows) {
    int most = vendor.takesArrays() ? ARRAY : ROWS;
    return IntStream.iterate(0, from -> from < rows.size(), from -> from + most)
        .mapToObj(from -> rows.subList(from, Math.min(rows.size(), from + most)))
        .toList();
  }

  /**
   * Gives the session the zone of a job as it is now, so that an instant of {@link Vendor#instant}
   * is that instant in a column with a zone, and the job's local time in one without. The first
   * statement of a transaction: H2 commits here.
   */
  public void zone(ZoneId zone, Instant now) {
    vendor.zone(jdbc, zone, now);
  }

  /**
   * Streams the rows of a statement of a person, {@code limit} for all of it: in a transaction of
   * its own, whose session has a job's zone.
   *
   * @throws QueryTimeoutException when it takes longer; the rows so far are taken
   */
  void stream(StreamedQuery query, Duration limit, RowCallbackHandler rows) {
    long begun = System.nanoTime();
    RowCallbackHandler inTime =
        row -> {
          if (System.nanoTime() - begun > limit.toNanos()) {
            throw new QueryTimeoutException("its rows were still coming");
          }
          rows.processRow(row);
        };
    alone.executeWithoutResult(
        tx -> {
          zone(query.zone(), query.now());
          vendor.limitStatements(jdbc, limit);
          JdbcTemplate streaming = new JdbcTemplate(Objects.requireNonNull(jdbc.getDataSource()));
          streaming.setFetchSize(FETCH);
          streaming.setQueryTimeout(vendor.statementTimeout(limit));
          try {
            new NamedParameterJdbcTemplate(streaming)
                .query(qualified(query.sql()), query.parameters(vendor), inTime);
          } finally {
            vendor.unlimitStatements(jdbc);
          }
        });
  }

  /** Tells PostgreSQL's planner of a table that grew much: it may not have looked for a minute. */
  void analyze(String table) {
    if (vendor == Vendor.POSTGRESQL) {
      jdbc.execute("analyze " + qualified(table));
    }
  }

  /** What was put off to the end of the transaction is checked now, or put off again. */
  public void deferConstraints(boolean again) {
    if (vendor == Vendor.POSTGRESQL) {
      jdbc.execute("set constraints all " + (again ? "deferred" : "immediate"));
    }
  }

  /** Runs {@code work} in one transaction, joining one that is open on this thread. */
  public <T extends @Nullable Object> T inTransaction(Supplier<T> work) {
    return transaction.execute(status -> work.get());
  }

  /** Runs {@code work} in one transaction, joining one that is open on this thread. */
  public void inTransaction(Runnable work) {
    transaction.executeWithoutResult(status -> work.run());
  }

  /** Within a transaction: until it ends, no other one gets past this. */
  public void takeTurn() {
    sql("select id from caravan_home for update").query(String.class).list();
  }

  /**
   * Runs one statement that may fail and be passed over: inside an open transaction behind a
   * savepoint, because on some databases a failed statement spoils the whole of it.
   */
  public void attempt(Runnable statement) {
    apart.executeWithoutResult(status -> statement.run());
  }

  /** Whether a transaction is open on this thread. */
  public boolean transacting() {
    return TransactionSynchronizationManager.isActualTransactionActive();
  }

  /** The database's clock. */
  public Instant now() {
    String sql = "select " + vendor.utcNow() + " as now_utc";
    return client.sql(sql).query(LocalDateTime.class).single().toInstant(ZoneOffset.UTC);
  }

  String qualified(String sql) {
    return prefix.isEmpty()
        ? sql
        : bareTable.matcher(sql).replaceAll(Matcher.quoteReplacement(prefix) + "$0");
  }
}
