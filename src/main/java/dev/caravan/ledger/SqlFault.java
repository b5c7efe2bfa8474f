package dev.caravan.ledger;

import dev.caravan.batch.Reasons;
import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.TransactionSystemException;

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

  /** What HikariCP says, without an SQLSTATE, of a connection that broke before. */
  private static final String CLOSED = "Connection is closed";

  /** pgjdbc's fields below the message; H2's statement; where MariaDB's connector repeats it. */
  private static final Pattern NEXT_LINES =
      Pattern.compile(
          "(?s)(\\R\\s*(Detail|Hint|Where|Position|Location|Server SQLState):|;? ?SQL statement:|\\RQuery is:).*");

  /** A value that the message quotes: {@code …value: "…"}, {@code entry '…' for}. */
  private static final Pattern VALUE =
      Pattern.compile("(?si)((?:syntax|value)[^\\n]*?: \"|(?:entry|value:?) ').*(\"|'(?= for ))");

  /** What drivers make of an exception without a message. */
  private static final Pattern WORDLESS =
      Pattern.compile("(?s)(?:\\(conn=\\d+\\) )?(?:null|[^\\p{L}\\p{N}]*)");

  /** What PostgreSQL says when a pooler gives each transaction another connection. */
  private static final Pattern POOLED =
      Pattern.compile("prepared statement \"S_\\d+\" (does not exist|already exists)");

  private static final String POOLER =
      " (behind pgbouncer with pool_mode=transaction, add prepareThreshold=0 to the database URL)";

  private static final int MARIADB_LOCK_WAIT = 1205;
  private static final int H2_LOCK_TIMEOUT = 50200;

  /** The kind of the first SQLException in a chain of causes; OTHER where there is none. */
  public static SqlFault of(@Nullable Throwable failure) {
    SQLException sql = first(failure);
    return sql == null ? OTHER : of(withState(sql));
  }

  /** A rollback that failed, too, hides what failed first. */
  private static @Nullable SQLException first(@Nullable Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof TransactionSystemException over) {
        SQLException before = first(over.getApplicationException());
        if (before != null) {
          return before;
        }
      }
      if (t instanceof SQLException sql) {
        return sql;
      }
    }
    return null;
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
            || e instanceof SQLNonTransientConnectionException
            || (state == null && CLOSED.equals(e.getMessage()));
    boolean busy = e.getErrorCode() == MARIADB_LOCK_WAIT || e.getErrorCode() == H2_LOCK_TIMEOUT;
    return away || busy || TRANSIENT_CLASSES.contains(group) ? TRANSIENT : OTHER;
  }

  /** A BatchUpdateException tells least; the exceptions chained to it tell what failed. */
  private static SQLException withState(SQLException e) {
    SQLException next = e;
    while (next.getNextException() != null) {
      next = next.getNextException();
    }
    boolean tellsMore = next.getSQLState() != null && next.getErrorCode() != 0;
    return tellsMore || e.getSQLState() == null ? next : e;
  }

  /** The database's own words, of the innermost SQLException; never empty. */
  public static String message(Throwable failure) {
    String message = oneLine(words(failure));
    return POOLED.matcher(message).find() ? message + POOLER : message;
  }

  /**
   * Why the database refused a row, in its own words, without the statement, the row and the values
   * that it quotes: fit for the ledger and for mails.
   */
  public static String reason(Throwable failure) {
    String own = NEXT_LINES.matcher(words(failure)).replaceFirst("");
    return oneLine(VALUE.matcher(own).replaceAll("$1…$2"));
  }

  private static String words(Throwable failure) {
    SQLException sql = first(failure);
    while (sql != null && sql.getNextException() != null) {
      sql = sql.getNextException();
    }
    if (sql == null) {
      return Reasons.of(failure);
    }
    String message = String.valueOf(sql.getMessage());
    String own = NEXT_LINES.matcher(message).replaceFirst("");
    if (WORDLESS.matcher(own).matches()) {
      String state = sql.getSQLState() == null ? "" : " (SQLSTATE " + sql.getSQLState() + ")";
      return Reasons.wordless(deepest(sql)) + state + message.substring(own.length());
    }
    return sql.getCause() instanceof IOException cause && !message.contains(cause.toString())
        ? withCause(message, Reasons.of(cause))
        : message;
  }

  /** What a driver has wrapped in an exception that adds nothing. */
  private static Throwable deepest(SQLException wordless) {
    Throwable deepest = wordless;
    while (deepest.getCause() != null && deepest.getCause() != deepest) {
      deepest = deepest.getCause();
    }
    return deepest;
  }

  /** A connection that failed: the driver's words alone often don't say why. */
  private static String withCause(String message, String cause) {
    return message.contains(cause) ? message : message.strip() + " (" + cause + ")";
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
