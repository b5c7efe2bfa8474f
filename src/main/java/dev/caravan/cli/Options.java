package dev.caravan.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** What every command takes. */
final class Options {
  @Option(
      names = "--home",
      paramLabel = "DIR",
      description =
          "Folder with routes/, config/, templates/ and data/ (default: where caravan is).")
  Path home = Path.of(System.getProperty("caravan.home", "."));

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "A setting of config/application.properties, for this call only.")
  Map<String, String> settings = new LinkedHashMap<>();

  /** Where settings may stand besides the file and the command line. */
  Map<String, String> environment = System.getenv();

  @Option(names = "--json", description = "The result as JSON on stdout; progress goes to stderr.")
  boolean json;
}
