package dev.caravan.ledger;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a failed statement means, by its SQLSTATE class (and by vendor code where that is vague).
 */
public enum SqlFault {
  /** The record's own values are at fault: class 22 (data) or 23 (constraint), 44 (view check). */
  DATA,
  /** The database is away, busy or full: class 08, 40, 53, 55, 57, 58; the same may work later. */
  TRANSIENT,
  /** Anything else: a statement, a right or a table is wrong, and a person must act. */
  OTHER;

  private static final Set<String> DATA_CLASSES = Set.of("22", "23", "44");
  private static final Set<String> TRANSIENT_CLASSES = Set.of("08", "40", "53", "55", "57", "58");
  private static final int MARIADB_LOCK_WAIT = 1205;
  private static final int H2_LOCK_TIMEOUT = 50200;

  /** The kind of the first SQLException in a chain of causes; OTHER where there is none. */
  public static SqlFault of(@Nullable Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof SQLException sql) {
        return of(withState(sql));
      }
    }
    return OTHER;
  }

  private static SqlFault of(SQLException e) {
    String state = e.getSQLState();
    String group = state == null || state.length() < 2 ? "" : state.substring(0, 2);
    if (DATA_CLASSES.contains(group)) {
      return DATA;
    }
    boolean away =
        e instanceof SQLTransientException
            || e instanceof SQLRecoverableException
            || e instanceof SQLNonTransientConnectionException;
    boolean busy = e.getErrorCode() == MARIADB_LOCK_WAIT || e.getErrorCode() == H2_LOCK_TIMEOUT;
    return away || busy || TRANSIENT_CLASSES.contains(group) ? TRANSIENT : OTHER;
  }

  /** A BatchUpdateException tells least; the exceptions chained to it tell what failed. */
  private static SQLException withState(SQLException e) {
    SQLException next = e;
    while (next.getNextException() != null) {
      next = next.getNextException();
    }
    return next.getSQLState() != null && next.getErrorCode() != 0 || e.getSQLState() == null
        ? next
        : e;
  }

  /** The database's own words, of the innermost SQLException. */
  public static String message(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof SQLException sql) {
        message = String.valueOf(withState(sql).getMessage());
        break;
      }
    }
    return message.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
