package dev.caravan.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./caravan}: the list of commands. */
@Command(
    name = "caravan",
    description = {
      "Overnight ETL through Claude's Message Batches API.",
      "",
      "Exit codes: 0 done, 1 refused, 2 records were rejected, 3 a person must decide,",
      "4 interrupted (progress is saved), 5 not finished.",
      ""
    },
    mixinStandardHelpOptions = true,
    subcommands = {
      DemoCommand.class,
      StartCommand.class,
      CheckCommand.class,
      SubmitCommand.class,
      PollCommand.class,
      CollectCommand.class,
      ReportCommand.class,
      NightCommand.class,
      StatusCommand.class,
      ShowCommand.class,
      RetryCommand.class,
      CancelCommand.class,
      AdoptCommand.class,
      PauseCommand.class,
      ResumeCommand.class,
      OwnCommand.class,
      NewCommand.class,
      SimulatorCommand.class,
      VersionCommand.class
    })
public final class CaravanCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which command?");
  }

  /**
   * Runs a command line and answers its exit code; messages are for people, without stack traces.
   */
  public static int execute(String... args) {
    return line().execute(commandFirst(args));
  }

  /** The command line with its ways of telling what went wrong. */
  static CommandLine line() {
    CommandLine line = new CommandLine(new CaravanCommand());
    line.setExecutionExceptionHandler(new Failures());
    line.setParameterExceptionHandler(new Misuse());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    return line;
  }

  /** {@code --home DIR status} is {@code status --home DIR}: every command takes these options. */
  private static String[] commandFirst(String... args) {
    int command = 0;
    while (command < args.length && args[command].matches("--(home|set|json)(=.*)?")) {
      command += args[command].matches("--(home|set)") ? 2 : 1;
    }
    if (command >= args.length) {
      return args;
    }
    List<String> words = new ArrayList<>(Arrays.asList(args).subList(command, args.length));
    words.addAll(Arrays.asList(args).subList(0, command));
    return words.toArray(String[]::new);
  }
}
