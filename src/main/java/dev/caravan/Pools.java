package dev.caravan;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.caravan.ledger.FromDatabase;
import dev.caravan.ledger.Vendor;
import dev.caravan.settings.Settings;
import dev.caravan.source.SourceDataSource;

/** Connection pools: the writer for ledger and load, the reader for the streaming extract. */
final class Pools {
  private static final int WRITERS = 8;
  private static final int READERS = 4;
  private static final long CONNECT_MS = 15_000;

  private Pools() {}

  /** Read committed on every database, so that a repeated chunk sees what others have committed. */
  static HikariDataSource writer(Settings.Database database) {
    HikariConfig pool = pool(database, "writer", WRITERS);
    pool.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    if (Vendor.of(database.url()) == Vendor.POSTGRESQL) {
      // text from an answer may go into date, uuid or enum columns without a cast in load.sql
      pool.addDataSourceProperty("stringtype", "unspecified");
    }
    if (Vendor.of(database.url()) == Vendor.MARIADB) {
      // bulk inserts give no update counts; and a server may be set to cut what does not fit
      pool.addDataSourceProperty("useBulkStmtsForInserts", "false");
      pool.setConnectionInitSql("set session sql_mode = concat(@@sql_mode, ',STRICT_ALL_TABLES')");
    }
    return NamedPool.of(pool, new FromDatabase(database.shown()));
  }

  /** Without autocommit: PostgreSQL streams a cursor only inside a transaction. */
  static SourceDataSource reader(Settings settings) {
    Settings.Database source = settings.source();
    boolean own = !source.url().equals(settings.target().url());
    HikariConfig pool = pool(source, "reader", READERS);
    pool.setAutoCommit(false);
    // values are read as the text that the server sends; what a URL says comes first
    switch (Vendor.of(source.url())) {
      case POSTGRESQL -> pool.addDataSourceProperty("binaryTransfer", "false");
      case MARIADB -> pool.addDataSourceProperty("tinyInt1isBit", "false");
      case H2 -> {}
    }
    FromDatabase from = new FromDatabase((own ? "source " : "") + source.shown());
    return new SourceDataSource(NamedPool.of(pool, from));
  }

  private static HikariConfig pool(Settings.Database database, String name, int size) {
    HikariConfig pool = new HikariConfig();
    pool.setPoolName(name);
    pool.setJdbcUrl(database.url());
    pool.setUsername(database.user());
    pool.setPassword(database.password().reveal());
    pool.setMaximumPoolSize(size);
    pool.setMinimumIdle(0);
    pool.setConnectionTimeout(CONNECT_MS);
    pool.setInitializationFailTimeout(-1);
    return pool;
  }
}
