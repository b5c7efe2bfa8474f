package dev.caravan.cli;

import dev.caravan.settings.JobSkeleton;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A new job from the commented skeleton. */
@Command(
    name = "new",
    description = "Make a new job from a commented skeleton.",
    mixinStandardHelpOptions = true)
final class NewCommand implements Callable<Integer> {
  @Mixin Options options = new Options();

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  CommandSpec spec;

  @Parameters(paramLabel = "JOB", description = "[a-z][a-z0-9-]{0,11}")
  String job = "";

  @Override
  public Integer call() {
    List<Path> files = JobSkeleton.create(options.home, job);
    String text =
        files.stream().map(file -> "  " + file).collect(Collectors.joining("\n"))
            + "\nEdit them from top to bottom, then: ./caravan check, ./caravan submit "
            + job
            + " --limit 2 --dry-run, ./caravan night "
            + job
            + " --limit 2";
    new Out(spec.commandLine().getOut(), options.json)
        .result(text, files.stream().map(Path::toString).toList());
    return ExitCode.DONE.code();
  }
}
