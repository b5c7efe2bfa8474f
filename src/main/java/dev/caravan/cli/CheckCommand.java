package dev.caravan.cli;

import dev.caravan.check.Check;
import dev.caravan.check.Ddl;
import dev.caravan.settings.Fault;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Whether tonight's run will find what it needs: every fault at once, each with its remedy. */
@Command(
    name = "check",
    description = "Find every fault of settings, jobs, routes, databases, mail and key at once.",
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
  @Mixin Options options = new Options();

  @Option(names = "--offline", description = "Files only: no database, mail server or API.")
  boolean offline;

  @Option(names = "--ddl", description = "Print the SQL of Caravan's tables and rights, for a DBA.")
  boolean ddl;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  CommandSpec spec;

  @Override
  public Integer call() {
    if (ddl) {
      spec.commandLine()
          .getOut()
          .println(Ddl.of(options.home, options.environment, options.settings));
      return ExitCode.DONE.code();
    }
    Clock clock = Clock.systemDefaultZone();
    List<Fault> found =
        new Check(options.home, options.environment, options.settings, clock).run(offline);
    long faults = found.stream().filter(fault -> !fault.warning()).count();
    new Out(spec.commandLine().getOut(), options.json)
        .result(text(found, faults, found.size() - faults), found);
    return (faults == 0 ? ExitCode.DONE : ExitCode.REFUSED).code();
  }

  private static String text(List<Fault> found, long faults, long warnings) {
    String lines =
        found.stream()
            .map(fault -> (fault.warning() ? "" : "fault: ") + fault + "\n")
            .collect(Collectors.joining());
    String warned =
        warnings == 0 ? "" : ", " + warnings + (warnings == 1 ? " warning" : " warnings");
    return lines
        + (faults == 0
            ? "No problems found" + warned + "."
            : faults + (faults == 1 ? " fault" : " faults") + warned + ".");
  }
}
