package dev.caravan.cli;

import dev.caravan.api.ApiUnreachable;
import dev.caravan.batch.Reasons;
import dev.caravan.extract.JobFault;
import dev.caravan.ledger.SqlFault;
import dev.caravan.settings.Fault;
import dev.caravan.settings.FaultsException;
import dev.caravan.spool.SpoolFailed;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.List;
import org.apache.camel.util.ObjectHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** A command that failed: its message on stderr, the stack trace in the log file, its exit code. */
final class Failures implements IExecutionExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);
  private static final String SAVED = "Interrupted; progress is saved. ";

  @Override
  public int handleExecutionException(Exception failure, CommandLine line, ParseResult parsed) {
    PrintWriter err = line.getErr();
    if (failure instanceof FaultsException faults) {
      return refused(err, faults.faults());
    }
    if (failure instanceof Refused refused) {
      err.println(refused.getMessage());
      return refused.exit().code();
    }
    LOG.debug("Command failed", failure);
    err.println(parsed.commandSpec().qualifiedName() + " failed: " + message(failure));
    if (failure instanceof JobFault) {
      err.println("The job waits for a person; see ./caravan status. Nothing is lost.");
      return ExitCode.DECIDE.code();
    }
    err.println(SAVED + remedy(failure));
    return ExitCode.BROKEN.code();
  }

  private static int refused(PrintWriter err, List<Fault> faults) {
    faults.forEach(err::println);
    err.println(
        faults.size() == 1
            ? "1 fault. Nothing was started."
            : faults.size() + " faults. Nothing was started.");
    return ExitCode.REFUSED.code();
  }

  /** Running it again helps only where nothing has to be fixed first. */
  private static String remedy(Throwable failure) {
    if (is(SpoolFailed.class, failure)) {
      return "Make sure that the disk of spool.dir is there, writable and not full, then run it"
          + " again.";
    }
    if (is(ApiUnreachable.class, failure) || SqlFault.of(failure) == SqlFault.TRANSIENT) {
      return "Run it again.";
    }
    return is(SQLException.class, failure)
        ? "The database refused a statement: fix what it says (./caravan check finds missing rights"
            + " and tables), then run it again."
        : "Running it again is likely to fail the same way: fix what it says first (./caravan check"
            + " may name it). data/log/caravan.log has the details.";
  }

  private static boolean is(Class<? extends Throwable> kind, Throwable failure) {
    return ObjectHelper.getException(kind, failure) != null;
  }

  /** What really failed. */
  static String message(Throwable failure) {
    return is(SQLException.class, failure) ? SqlFault.message(failure) : Reasons.of(failure);
  }
}
