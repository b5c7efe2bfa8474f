package dev.caravan.ledger;

import dev.caravan.batch.Reasons;
import dev.caravan.settings.Masked;
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
  /**
   * The record's own values are at fault: class 22 (data), 23 (constraint), 44 (view check), 45 and
   * P0 (a trigger or function that refuses it).
   */
  DATA,
  /** The database is away, busy or full: class 08, 40, 53, 55, 57, 58; the same may work later. */
  TRANSIENT,
  /** Anything else: a statement, a right or a table is wrong, and a person must act. */
  OTHER;

  private static final Set<String> DATA_CLASSES = Set.of("22", "23", "44", "45", "P0");
  private static final Set<String> TRANSIENT_CLASSES = Set.of("08", "40", "53", "55", "57", "58");

  /** What HikariCP says, without an SQLSTATE, of a connection that broke before. */
  private static final String CLOSED = "Connection is closed";

  /** pgjdbc's fields below the message; H2's statement; where MariaDB's connector repeats it. */
  private static final Pattern NEXT_LINES =
      Pattern.compile(
          "(?s)(\\R\\s*(Detail|Hint|Where|Position|Location|Server SQLState):|;? ?SQL"
              + " statement:|\\RQuery is:).*");

  /**
   * A value that the message quotes: {@code …value: "…"}, {@code converting "…"}, {@code entry '…'
   * for}.
   */
  private static final Pattern VALUE =
      Pattern.compile(
          "(?si)((?:(?:syntax|value)[^\\n]*?:|converting|constant) \"|(?:entry|value:?) ').*(\"|'(?= for ))");

  /** What drivers make of an exception without a message. */
  private static final Pattern WORDLESS =
      Pattern.compile("(?s)(?:\\(conn=\\d+\\) )?(?:null|[^\\p{L}\\p{N}]*)");

  /** What PostgreSQL says when a pooler gives each transaction another connection. */
  private static final Pattern POOLED =
      Pattern.compile("prepared statement \"S_\\d+\" (does not exist|already exists)");

  private static final String POOLER =
      " (behind pgbouncer with pool_mode=transaction, add prepareThreshold=0 to the database URL)";

  private static final int MARIADB_LOCK_WAIT = 1205;
  private static final int MARIADB_STATEMENT_TIMEOUT = 1969;
  private static final int H2_LOCK_TIMEOUT = 50200;

  /** Without an SQLSTATE of their own: MariaDB's truncated and incorrect values, H2's triggers. */
  private static final Set<Integer> DATA_CODES = Set.of(1265, 1366, 90044);

  /** A row's lock that was not had in time, a statement that ran out of its time. */
  private static final Set<String> WAITED = Set.of("55P03", "57014");

  /** Transactions that wait for each other. */
  private static final Set<String> DEADLOCKS = Set.of("40P01", "40001");

  /** The kind of the first SQLException in a chain of causes; OTHER where there is none. */
  public static SqlFault of(@Nullable Throwable failure) {
    SQLException sql = first(failure);
    return sql == null ? OTHER : of(withState(sql));
  }

  /** Whether a statement waited too long: for the lock of a row, or by a limit of its time. */
  public static boolean waited(Throwable failure) {
    SQLException sql = first(failure);
    return sql != null && waited(withState(sql));
  }

  private static boolean waited(SQLException e) {
    int code = e.getErrorCode();
    return code == MARIADB_LOCK_WAIT
        || code == MARIADB_STATEMENT_TIMEOUT
        || code == H2_LOCK_TIMEOUT
        || WAITED.contains(String.valueOf(e.getSQLState()));
  }

  /** Whether the transaction was given up because it and another one waited for each other. */
  public static boolean deadlock(Throwable failure) {
    SQLException sql = first(failure);
    return sql != null && DEADLOCKS.contains(String.valueOf(withState(sql).getSQLState()));
  }

  /** Whether the statement itself can't be right, or may not run: class 42 and its like. */
  public static boolean statement(Throwable failure) {
    SQLException sql = first(failure);
    String state = sql == null ? null : withState(sql).getSQLState();
    return state != null && (state.startsWith("42") || state.startsWith("0A"));
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
    if (DATA_CLASSES.contains(group) || DATA_CODES.contains(e.getErrorCode())) {
      return DATA;
    }
    boolean away =
        e instanceof SQLTransientException
            || e instanceof SQLRecoverableException
            || e instanceof SQLNonTransientConnectionException
            || (state == null && CLOSED.equals(e.getMessage()));
    return away || waited(e) || TRANSIENT_CLASSES.contains(group) ? TRANSIENT : OTHER;
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

  /** Which database, and its own words, of the innermost SQLException; never empty. */
  public static String message(Throwable failure) {
    return named(failure, ownWords(failure));
  }

  /** Its own words alone, where the database is named already. */
  public static String ownWords(Throwable failure) {
    String message = Masked.of(oneLine(words(failure)));
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

  /** {@link #reason} with the database's name: why a job is paused. */
  public static String cause(Throwable failure) {
    return named(failure, reason(failure));
  }

  private static String named(Throwable failure, String words) {
    String name = FromDatabase.name(last(failure));
    return (name == null ? "" : name + ": ") + words;
  }

  private static @Nullable SQLException last(Throwable failure) {
    SQLException sql = first(failure);
    while (sql != null && sql.getNextException() != null) {
      sql = sql.getNextException();
    }
    return sql;
  }

  private static String words(Throwable failure) {
    SQLException sql = last(failure);
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
