package dev.caravan.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;

/** Asks a person before money is spent; without a terminal only {@code --yes} will do. */
record Question(InputStream in, PrintWriter err, boolean terminal) {

  /**
   * Tells what will be done and returns when it may.
   *
   * @throws Refused when the answer is no, or nobody is there to be asked
   */
  void confirm(String what, boolean yes) throws IOException {
    err.println(what);
    err.flush();
    if (yes) {
      return;
    }
    if (!terminal) {
      throw new Refused(
          ExitCode.REFUSED,
          "There is no terminal to ask on, so nothing was sent. To send them, add --yes.");
    }
    err.print("Send them? [y/N] ");
    err.flush();
    String answer =
        new BufferedReader(new InputStreamReader(in, Charset.defaultCharset())).readLine();
    if (answer == null || !answer.strip().matches("(?i)y|yes")) {
      throw new Refused(ExitCode.REFUSED, "Nothing was sent.");
    }
  }
}
