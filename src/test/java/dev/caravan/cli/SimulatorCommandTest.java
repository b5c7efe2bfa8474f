package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code ./caravan simulator} as a person meets it. */
class SimulatorCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CommandLine command =
      new CommandLine(new SimulatorCommand())
          .setOut(new PrintWriter(out, true))
          .setErr(new PrintWriter(err, true));

  @Test
  void saysWhereItRunsAndServesUntilInterrupted(@TempDir Path folder) throws Exception {
    Path faults =
        Files.writeString(
            folder.resolve("f.json"), "[{\"fault\":\"slow\"," + "\"processing\":\"20h\"}]");
    AtomicInteger code = new AtomicInteger(-1);
    Thread running =
        new Thread(
            () ->
                code.set(
                    command.execute(
                        "--port", "0", "--processing", "300ms", "--faults", faults.toString())));
    running.start();

    await().until(() -> out.toString().contains("/books"));
    Matcher url = Pattern.compile("ANTHROPIC_BASE_URL=(\\S+)").matcher(out.toString());
    assertThat(url.find()).isTrue();
    HttpResponse<String> state =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(url.group(1) + "/simulator")).build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(state.body()).contains("\"processing\":\"300ms\"").contains("\"faults\":1");

    running.interrupt();
    running.join(10_000);
    assertThat(code).hasValue(0);
  }

  @Test
  void saysWhyItDidNotStart(@TempDir Path folder) throws IOException {
    Path broken = Files.writeString(folder.resolve("answers.json"), "[{\"custom_id\":");
    Path fault = Files.writeString(folder.resolve("faults.json"), "[{\"fault\":\"magic\"}]");

    assertThat(command.execute("--port", "0", "--answers", broken.toString())).isEqualTo(1);
    assertThat(command.execute("--port", "0", "--faults", fault.toString())).isEqualTo(1);
    assertThat(command.execute("--port", "0", "--faults", "nowhere.json")).isEqualTo(1);
    assertThat(command.execute("--port", "0", "--processing", "soon")).isEqualTo(1);

    assertThat(err.toString().lines())
        .hasSize(4)
        .allMatch(line -> line.startsWith("The simulator did not start: "))
        .anyMatch(line -> line.contains("answers.json is not JSON"))
        .anyMatch(line -> line.contains("there is no fault 'magic'"))
        .anyMatch(line -> line.contains("there is no file nowhere.json"))
        .anyMatch(line -> line.contains("'soon' is not a duration"));
  }

  @Test
  void namesATakenPort() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());

      assertThat(command.execute("--port", port)).isEqualTo(1);

      assertThat(err.toString()).contains("port " + port + " of 127.0.0.1 is taken");
    }
  }
}
