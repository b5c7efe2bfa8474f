package dev.caravan.faults;

import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.TcpProxy;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the commits that the product asks its database for, as the wire protocol shows them, and
 * says of each what is to happen; statements outside a transaction are commits too.
 */
final class Commits {
  /** What happens to a commit. */
  enum Fate {
    /** It is carried as if nobody looked. */
    PASS,
    /** It never reaches the database. */
    LOST,
    /** The database commits, its answer never reaches the product. */
    UNANSWERED
  }

  /** Decides what happens to the n-th commit; {@code load} tells that user rows are in it. */
  interface Plan {
    Fate of(int n, boolean load);
  }

  private final DatabaseVendor vendor;
  private final Plan plan;
  private final Runnable fault;
  private final AtomicInteger count = new AtomicInteger();

  /** {@code fault} is done at a commit that is lost or unanswered. */
  Commits(DatabaseVendor vendor, Plan plan, Runnable fault) {
    this.vendor = vendor;
    this.plan = plan;
    this.fault = fault;
  }

  int count() {
    return count.get();
  }

  /** Watches one connection. */
  TcpProxy.Watch watch() {
    Connection connection = new Connection();
    SqlStream sql =
        vendor == DatabaseVendor.POSTGRESQL
            ? new PostgresStream(connection::statement)
            : new MariaDbStream(connection::statement);
    return new TcpProxy.Watch() {
      private boolean answerIsCut;

      @Override
      public boolean toServer(byte[] bytes) {
        Fate fate = connection.fate(() -> sql.toServer(bytes));
        if (fate == Fate.LOST) {
          fault.run();
        }
        answerIsCut |= fate == Fate.UNANSWERED;
        return fate != Fate.LOST;
      }

      @Override
      public boolean toProduct(byte[] bytes) {
        if (answerIsCut && sql.answered(bytes)) {
          fault.run();
          return false;
        }
        return true;
      }
    };
  }

  /** Reads the statements out of a connection's bytes. */
  interface SqlStream {
    void toServer(byte[] bytes);

    /** Whether the server has executed what it was sent, as these bytes of its answer show. */
    boolean answered(byte[] bytes);
  }

  /** What a connection has open: which of its statements end a transaction. */
  private final class Connection {
    private boolean autoCommit = true;
    private boolean transaction;
    private boolean dirty;
    private boolean load;
    private Fate fate = Fate.PASS;

    Fate fate(Runnable read) {
      fate = Fate.PASS;
      read.run();
      return fate;
    }

    void statement(String text) {
      String sql = text.strip().toLowerCase(Locale.ROOT);
      if (sql.startsWith("set autocommit")) {
        autoCommit = sql.endsWith("1") || sql.endsWith("true");
      } else if (sql.startsWith("begin") || sql.startsWith("start transaction")) {
        transaction = true;
      } else if (sql.startsWith("commit")) {
        end(dirty);
      } else if (sql.startsWith("rollback") && !sql.contains("savepoint")) {
        end(false);
      } else if (sql.matches("(?s)(insert|update|delete|create)\\b.*")) {
        dirty = true;
        load |= sql.startsWith("update invoices");
        if (autoCommit && !transaction) {
          end(true);
        }
      }
    }

    private void end(boolean commits) {
      if (commits) {
        Fate next = plan.of(count.incrementAndGet(), load);
        fate = next == Fate.PASS ? fate : next;
      }
      transaction = false;
      dirty = false;
      load = false;
    }
  }
}
