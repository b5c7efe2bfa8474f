package dev.caravan.cli;

import dev.caravan.Application;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.camel.CamelContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The versions that support asks for. */
@Command(name = "version", description = "Versions of Caravan, Camel and Java.")
final class VersionCommand implements Callable<Integer> {
  @Mixin Options options = new Options();

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  CommandSpec spec;

  @Override
  public Integer call() {
    String caravan = of(Application.class);
    String camel = of(CamelContext.class);
    String java = Runtime.version().toString();
    new Out(spec.commandLine().getOut(), options.json)
        .result(
            "caravan " + caravan + ", camel " + camel + ", java " + java,
            Map.of("caravan", caravan, "camel", camel, "java", java));
    return ExitCode.DONE.code();
  }

  private static String of(Class<?> type) {
    return Objects.requireNonNullElse(type.getPackage().getImplementationVersion(), "development");
  }
}
