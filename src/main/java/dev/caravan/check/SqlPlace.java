package dev.caravan.check;

import dev.caravan.ledger.SqlFault;
import dev.caravan.settings.Fault;
import dev.caravan.settings.SqlText;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A statement in its file, and what a database says about it. */
record SqlPlace(String file, SqlText statement) {
  private static final Pattern POSITION = Pattern.compile("Position: (\\d+)");
  private static final Pattern LINE = Pattern.compile("at line (\\d+)");
  private static final Pattern NOISE =
      Pattern.compile("; SQL statement:.*|\\s*Position: \\d+|(?<=^|: )(\\(conn=\\d+\\) |ERROR: )");

  Fault fault(Throwable failure, String remedy) {
    return new Fault(file, line(failure), message(failure), remedy);
  }

  /** The database's words without its repetition of the statement. */
  static String message(Throwable failure) {
    return NOISE.matcher(SqlFault.message(failure)).replaceAll("").strip();
  }

  private int line(Throwable failure) {
    String message = SqlFault.message(failure);
    Matcher position = POSITION.matcher(message);
    if (position.find()) {
      int end = Math.min(Integer.parseInt(position.group(1)) - 1, statement.jdbc().length());
      return statement.line() + lines(statement.jdbc().substring(0, Math.max(0, end)));
    }
    Matcher line = LINE.matcher(message);
    return line.find() ? statement.line() + Integer.parseInt(line.group(1)) - 1 : statement.line();
  }

  private static int lines(String text) {
    return (int) text.chars().filter(c -> c == '\n').count();
  }
}
