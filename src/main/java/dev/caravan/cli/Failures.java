package dev.caravan.cli;

import dev.caravan.extract.JobFault;
import dev.caravan.ledger.SqlFault;
import dev.caravan.settings.Fault;
import dev.caravan.settings.FaultsException;
import java.io.PrintWriter;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** A command that failed: its message on stderr, the stack trace in the log file, its exit code. */
final class Failures implements IExecutionExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

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
    err.println(message(failure));
    if (failure instanceof JobFault) {
      err.println("The job waits for a person; see ./caravan status. Nothing is lost.");
      return ExitCode.DECIDE.code();
    }
    boolean statement = sql(failure) && SqlFault.of(failure) == SqlFault.OTHER;
    err.println(
        statement
            ? "The database refused that, so the command broke off half-way; state is kept."
                + " ./caravan check says what is missing; then run it again."
            : "Broken off half-way; state is kept. Run it again.");
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

  private static boolean sql(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof java.sql.SQLException) {
        return true;
      }
    }
    return false;
  }

  /** The innermost message: what really failed. */
  static String message(Throwable failure) {
    if (sql(failure)) {
      return SqlFault.message(failure);
    }
    Throwable cause = failure;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    String text = cause.getMessage();
    return text == null ? cause.getClass().getSimpleName() : text;
  }
}
