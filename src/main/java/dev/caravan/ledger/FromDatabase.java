package dev.caravan.ledger;

import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Rides on the SQLExceptions of a connection pool and says which database they came from, so that
 * {@link SqlFault#message} can name it wherever a failure is told.
 */
public final class FromDatabase extends Exception {
  private static final long serialVersionUID = 1L;

  private final String name;

  /** {@code name} is without a password. */
  public FromDatabase(String name) {
    super("in the " + name, null, false, false);
    this.name = name;
  }

  /** Marks a failure, once. */
  public SQLException mark(SQLException failure) {
    for (SQLException e = failure; e != null; e = e.getNextException()) {
      if (name(e) == null) {
        e.addSuppressed(this);
      }
    }
    return failure;
  }

  /** Of the database that this failure came from; null when no pool has marked it. */
  static @Nullable String name(@Nullable SQLException failure) {
    return failure == null
        ? null
        : Arrays.stream(failure.getSuppressed())
            .filter(FromDatabase.class::isInstance)
            .map(mark -> ((FromDatabase) mark).name)
            .findFirst()
            .orElse(null);
  }
}
