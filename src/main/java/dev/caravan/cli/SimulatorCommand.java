package dev.caravan.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.batch.Reasons;
import dev.caravan.simulator.Simulator;
import dev.caravan.simulator.SimulatorOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the simulator in the foreground until interrupted; 1 if it could not start. */
@Command(
    name = "simulator",
    description = "Run a stand-in for the Message Batches API that costs nothing.",
    mixinStandardHelpOptions = true)
public final class SimulatorCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Option(names = "--host", defaultValue = "127.0.0.1", description = "Address (${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init")
  private String host;

  @Option(names = "--port", defaultValue = "8790", description = "Port (${DEFAULT-VALUE}), 0: any.")
  private int port;

  @Option(
      names = "--processing",
      defaultValue = "2s",
      description = "Time until a batch has ended, such as 300ms, 5m, 1h30m (${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init")
  private String processing;

  @Option(names = "--answers", paramLabel = "FILE", description = "Answers by custom_id, JSON.")
  private @Nullable Path answers;

  @Option(names = "--faults", paramLabel = "FILE", description = "What goes wrong and when, JSON.")
  private @Nullable Path faults;

  @Override
  public Integer call() {
    try (Simulator simulator = start()) {
      // Ctrl-C ends the JVM without unwinding this method; the spool folder must go all the same
      Runtime.getRuntime().addShutdownHook(new Thread(() -> close(simulator)));
      greet(simulator);
      new CountDownLatch(1).await();
      return 0;
    } catch (InterruptedException e) {
      return 0;
    } catch (IOException | IllegalArgumentException e) {
      spec.commandLine().getErr().println("The simulator did not start: " + reason(e));
      return 1;
    }
  }

  private void close(Simulator simulator) {
    try {
      simulator.close();
    } catch (IOException e) {
      spec.commandLine().getErr().println("Its temporary files stay behind: " + Reasons.of(e));
    }
  }

  private Simulator start() throws IOException {
    SimulatorOptions options =
        SimulatorOptions.defaults().withAddress(host, port).withProcessing(processing);
    Simulator simulator = Simulator.start(options);
    try {
      if (answers != null) {
        simulator.answers(json(answers));
      }
      if (faults != null) {
        simulator.faults(json(faults));
      }
      return simulator;
    } catch (IOException | IllegalArgumentException e) {
      simulator.close();
      throw e;
    }
  }

  private static JsonNode json(Path file) throws IOException {
    try {
      return new ObjectMapper().readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(file + " is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private void greet(Simulator simulator) {
    PrintWriter out = spec.commandLine().getOut();
    out.println("The simulator runs at " + simulator.baseUrl() + " until you press Ctrl-C.");
    out.println("Point Caravan at it:");
    out.println(
        "  export ANTHROPIC_BASE_URL=" + simulator.baseUrl() + " ANTHROPIC_API_KEY=anything");
    out.println("What it accepted and would have billed: curl " + simulator.baseUrl() + "/books");
    out.flush();
  }

  private String reason(Exception e) {
    if (e instanceof BindException) {
      return "port " + port + " of " + host + " is taken; choose another with --port";
    }
    // what could not be read is said around what Jackson says of it
    return e instanceof IllegalArgumentException && e.getMessage() != null
        ? e.getMessage()
        : Reasons.of(e);
  }
}
