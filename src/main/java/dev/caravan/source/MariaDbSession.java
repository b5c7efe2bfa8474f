package dev.caravan.source;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.ZoneOffset;

/** The zone of a session on MariaDB, where a TIMESTAMP is shown and read in it. */
public final class MariaDbSession {
  private MariaDbSession() {}

  /**
   * Fixes the zone at the offset it has now, so that two instants never look alike; now() stays
   * what it was.
   */
  public static ZoneOffset fix(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      ZoneOffset offset;
      try (ResultSet row =
          statement.executeQuery("select timestampdiff(second, utc_timestamp(), now())")) {
        row.next();
        offset = ZoneOffset.ofTotalSeconds(row.getInt(1));
      }
      String text = offset.equals(ZoneOffset.UTC) ? "+00:00" : offset.getId();
      statement.execute("set time_zone = '" + text + "'");
      return offset;
    }
  }
}
