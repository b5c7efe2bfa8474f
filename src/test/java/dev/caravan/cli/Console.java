package dev.caravan.cli;

import dev.caravan.spool.Spool;
import dev.caravan.testing.NightFixture;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/** A command line as a person types it in a home, and what it left on the screen. */
record Console(int exit, String out, String err) {
  /** Runs {@code words} with these settings on top. */
  static Console run(Map<String, String> settings, String... words) {
    List<String> line = new ArrayList<>(Arrays.asList(words));
    settings.forEach((key, value) -> line.addAll(List.of("--set", key + "=" + value)));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine caravan = CaravanCommand.line();
    caravan.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    int exit = caravan.execute(line.toArray(String[]::new));
    return new Console(exit, out.toString(), err.toString());
  }

  /** Runs {@code words} in the home of this night. */
  static Console run(NightFixture night, String... words) throws IOException {
    Spool.write(night.home().resolve("api.key"), "test-key");
    List<String> line = new ArrayList<>(Arrays.asList(words));
    line.addAll(
        List.of("--home", night.home().toString(), "--set", "anthropic.api-key-file=api.key"));
    return run(night.settings(), line.toArray(String[]::new));
  }

  String all() {
    return out + err;
  }
}
