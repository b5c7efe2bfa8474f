package dev.caravan;

import dev.caravan.cli.CaravanCommand;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Entry point of the command line; see {@code ./caravan --help}. */
public final class Caravan {
  private Caravan() {}

  public static void main(String[] args) {
    // the log file lies under the home folder, and logging begins before options are parsed
    List<String> words = Arrays.asList(args);
    int home = words.indexOf("--home");
    if (home >= 0 && home + 1 < words.size()) {
      System.setProperty("caravan.home", Path.of(words.get(home + 1)).toAbsolutePath().toString());
    }
    System.exit(CaravanCommand.execute(args));
  }
}
