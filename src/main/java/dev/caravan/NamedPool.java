package dev.caravan;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import dev.caravan.ledger.FromDatabase;
import java.sql.Connection;
import java.sql.SQLException;

/** A connection pool whose failures say which database they came from. */
final class NamedPool extends HikariDataSource {
  private final FromDatabase from;

  private NamedPool(HikariConfig config, FromDatabase from) {
    super(config);
    this.from = from;
  }

  static NamedPool of(HikariConfig config, FromDatabase from) {
    config.setExceptionOverride(
        new SQLExceptionOverride() {
          @java.lang.Override
          public Override adjudicate(SQLException failure) {
            from.mark(failure);
            return Override.CONTINUE_EVICT;
          }
        });
    return new NamedPool(config, from);
  }

  @Override
  public Connection getConnection() throws SQLException {
    try {
      return super.getConnection();
    } catch (SQLException e) {
      throw from.mark(e);
    }
  }
}
