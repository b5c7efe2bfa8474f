package dev.caravan.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every fault of the plan does what its name says, and no more often than planned. */
class FaultsTest {
  private static final Pattern B = Pattern.compile("^b$");
  private final MovableClock clock = MovableClock.stoppedAt(Instant.parse("2026-11-20T23:00:00Z"));
  private Simulator simulator;
  private SimulatorCall call;

  @BeforeEach
  void start() throws IOException {
    simulator = Simulator.start(SimulatorOptions.defaults().withClock(clock));
    call = new SimulatorCall(simulator);
  }

  @AfterEach
  void stop() throws IOException {
    simulator.close();
  }

  @Test
  void losesTheAnswerAfterAccepting() throws IOException {
    simulator.faults(new Fault.CutAfter(Endpoint.CREATE));

    assertThatThrownBy(() -> call.create("a", "b")).isInstanceOf(IOException.class);

    Books.Batch lost = simulator.books().batches().get(0);
    assertThat(lost.answerLost()).isTrue();
    assertThat(lost.requests()).isEqualTo(2);
    assertThat(simulator.customIds(lost.id())).containsExactly("a", "b");
    assertThat(SimulatorCall.json(call.get(SimulatorCall.BATCHES)).path("data")).hasSize(1);
    assertThat(call.create("a").statusCode()).isEqualTo(200);
  }

  @Test
  void losesTheCallBeforeAccepting() {
    simulator.faults(new Fault.CutBefore(Endpoint.CREATE), new Fault.CutBody(Endpoint.CREATE, 10));

    assertThatThrownBy(() -> call.create("a")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> call.create("a")).isInstanceOf(IOException.class);

    assertThat(simulator.books().batches()).isEmpty();
    assertThat(simulator.books().calls().get(Endpoint.CREATE)).isEqualTo(2);
  }

  @Test
  void answersWithAWebPage() throws IOException {
    simulator.faults(new Fault.WebPage(Endpoint.CREATE));

    var page = call.create("a");

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).startsWith("<!DOCTYPE html>");
    assertThat(simulator.books().batches()).isEmpty();
  }

  @Test
  void acceptsLate() throws IOException {
    simulator.faults(new Fault.AcceptLate(Duration.ofMinutes(5)));

    assertThatThrownBy(() -> call.create("a")).isInstanceOf(IOException.class);

    clock.advance(Duration.ofMinutes(4));
    assertThat(SimulatorCall.json(call.get(SimulatorCall.BATCHES)).path("data")).isEmpty();
    clock.advance(Duration.ofMinutes(1));
    JsonNode listed = SimulatorCall.json(call.get(SimulatorCall.BATCHES)).at("/data/0");
    assertThat(listed.path("created_at").asText()).isEqualTo("2026-11-20T23:05:00.000000+00:00");
  }

  @Test
  void acceptsThoughItAnswersWithAnError() throws IOException {
    simulator.faults(new Fault.Refuse(Endpoint.CREATE, 500, null, null, null, null, true));

    assertThat(call.create("a").statusCode()).isEqualTo(500);

    assertThat(simulator.books().batches()).singleElement().matches(Books.Batch::answerLost);
  }

  @ParameterizedTest
  @CsvSource({
    "400,invalid_request_error",
    "401,authentication_error",
    "402,billing_error",
    "403,permission_error",
    "409,conflict_error",
    "429,rate_limit_error",
    "500,api_error",
    "503,api_error",
    "504,timeout_error",
    "529,overloaded_error"
  })
  void answersABurstOfErrors(int status, String type) throws IOException {
    simulator.fault(Fault.refuse(Endpoint.CREATE, status), 0, 2);

    for (int i = 0; i < 2; i++) {
      HttpResponse<String> refused = call.create("a");
      assertThat(refused.statusCode()).isEqualTo(status);
      assertThat(SimulatorCall.json(refused).at("/error/type").asText()).isEqualTo(type);
      assertThat(refused.headers().firstValue("request-id")).isPresent();
      assertThat(refused.headers().firstValue("retry-after")).isEmpty();
    }
    assertThat(call.create("a").statusCode()).isEqualTo(200);
    assertThat(simulator.books().batches()).hasSize(1);
  }

  @Test
  void tellsWhenToRetryAndOfSpendLimits() throws IOException {
    simulator.faults(
        Fault.refuse(Endpoint.CREATE, 429, 7),
        Fault.spendCap(Endpoint.CREATE),
        Fault.spendLimit(Endpoint.CREATE));

    assertThat(call.create("a").headers().firstValue("retry-after")).contains("7");
    HttpResponse<String> cap = call.create("a");
    assertThat(cap.statusCode()).isEqualTo(429);
    assertThat(cap.headers().firstValue("retry-after")).isEmpty();
    assertThat(SimulatorCall.json(cap).at("/error/details/error_code").asText())
        .isEqualTo("enforced_spend_limit_reached");
    HttpResponse<String> limit = call.create("a");
    assertThat(limit.statusCode()).isEqualTo(400);
    assertThat(SimulatorCall.json(limit).at("/error/message").asText())
        .startsWith("You have reached your specified API usage limits");
  }

  @Test
  void failsTheSecondPageOfTheList() throws IOException {
    simulator.fault(Fault.refuse(Endpoint.LIST, 500), 1, 1);

    assertThat(call.get(SimulatorCall.BATCHES).statusCode()).isEqualTo(200);
    assertThat(call.get(SimulatorCall.BATCHES).statusCode()).isEqualTo(500);
    assertThat(call.get(SimulatorCall.BATCHES).statusCode()).isEqualTo(200);
  }

  @Test
  void endsSlowly() throws IOException {
    simulator.faults(new Fault.Slow(Duration.ofHours(20)));
    String id = call.created("a");

    clock.advance(Duration.ofHours(19));
    assertThat(status(id)).isEqualTo("in_progress");
    clock.advance(Duration.ofHours(1));
    assertThat(status(id)).isEqualTo("ended");
  }

  @Test
  void expiresWhatWasNotFinished() throws IOException {
    simulator.faults(new Fault.NeverEnds(0.25));
    String id = call.created("a", "b", "c", "d");

    clock.advance(Duration.ofHours(24));

    JsonNode batch = call.batch(id);
    assertThat(batch.path("processing_status").asText()).isEqualTo("ended");
    assertThat(batch.path("ended_at")).isEqualTo(batch.path("expires_at"));
    assertThat(batch.at("/request_counts/succeeded").asInt()).isEqualTo(1);
    assertThat(batch.at("/request_counts/expired").asInt()).isEqualTo(3);
    assertThat(call.lines(id)).filteredOn(l -> type(l).equals("expired")).hasSize(3);
  }

  @Test
  void cancelsPartially() throws IOException {
    simulator.faults(new Fault.Slow(Duration.ofHours(5)), new Fault.PartialCancel(0.5));
    String id = call.created("a", "b", "c", "d");

    JsonNode canceling =
        SimulatorCall.json(call.post(SimulatorCall.BATCHES + "/" + id + "/cancel", ""));
    assertThat(canceling.path("processing_status").asText()).isEqualTo("canceling");
    assertThat(canceling.at("/request_counts/processing").asInt()).isEqualTo(4);
    clock.advance(Duration.ofSeconds(1));

    assertThat(status(id)).isEqualTo("ended");
    assertThat(call.lines(id)).filteredOn(l -> type(l).equals("canceled")).hasSize(2);
    assertThat(call.lines(id)).filteredOn(l -> type(l).equals("succeeded")).hasSize(2);
  }

  @Test
  void cutsResultsAfterLinesAndThenGivesThemWhole() throws IOException {
    simulator.faults(new Fault.CutResults(2, null, 2));
    String id = ended("a", "b", "c", "d");

    assertThat(readUntilCut(id).lines()).hasSize(2).allMatch(line -> line.endsWith("}"));
    assertThatThrownBy(() -> call.results(id)).isInstanceOf(IOException.class);
    assertThat(call.lines(id)).hasSize(4);
    assertThat(simulator.books().batches().get(0).downloads()).isEqualTo(3);
  }

  @Test
  void cutsResultsAtAByte() throws IOException {
    simulator.faults(new Fault.CutResults(null, 100L, 0));
    String id = ended("a", "b");

    assertThat(readUntilCut(id)).hasSize(100);
    assertThat(call.lines(id)).hasSize(2);
  }

  @Test
  void repeatsAddsAndLeavesOutLines() throws IOException {
    simulator.faults(new Fault.Lines(1, 2, 1, 0, 0));
    String id = ended("a", "b", "c", "d");

    List<String> ids = call.lines(id).stream().map(l -> l.path("custom_id").asText()).toList();

    assertThat(call.batch(id).at("/request_counts/succeeded").asInt()).isEqualTo(4);
    assertThat(ids).hasSize(6).contains("foreign-1", "foreign-2");
    Set<String> ours = new TreeSet<>(ids);
    ours.retainAll(Set.of("a", "b", "c", "d"));
    assertThat(ours).hasSize(3);
  }

  @Test
  void spoilsLines() throws IOException {
    simulator.faults(new Fault.Lines(0, 0, 0, 1, 1));
    String id = ended("a", "b", "c");

    byte[] body;
    try (InputStream in = open(id)) {
      body = in.readAllBytes();
    }

    assertThat(body).contains((byte) 0xFF);
    List<String> lines = new String(body, StandardCharsets.UTF_8).lines().toList();
    assertThat(lines).hasSize(3);
    assertThatThrownBy(() -> SimulatorCall.parse(lines.get(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(SimulatorCall.parse(lines.get(2)).path("custom_id").asText()).isNotEmpty();
  }

  @Test
  void hidesABatchAfterItsCreate() throws IOException {
    simulator.faults(new Fault.Hidden(Duration.ofSeconds(3)));
    String id = call.created("a");

    assertThat(call.get(SimulatorCall.BATCHES + "/" + id).statusCode()).isEqualTo(404);
    clock.advance(Duration.ofSeconds(3));
    assertThat(call.get(SimulatorCall.BATCHES + "/" + id).statusCode()).isEqualTo(200);
  }

  @Test
  void hidesResultsOfAnEndedBatch() throws IOException {
    simulator.faults(new Fault.ResultsHidden(2));
    String id = ended("a");

    assertThat(call.results(id).statusCode()).isEqualTo(404);
    assertThat(call.results(id).statusCode()).isEqualTo(404);
    assertThat(call.results(id).statusCode()).isEqualTo(200);
  }

  @Test
  void namesAnotherHostForTheResults() throws IOException {
    simulator.faults(new Fault.ResultsElsewhere("http://other.example"));
    String id = ended("a");

    assertThat(call.batch(id).path("results_url").asText())
        .isEqualTo("http://other.example/v1/messages/batches/" + id + "/results");
  }

  @Test
  void playsAnotherToolsBatch() throws IOException {
    String foreign = simulator.foreignBatch(3);

    JsonNode listed = SimulatorCall.json(call.get(SimulatorCall.BATCHES)).at("/data/0");
    assertThat(listed.path("id").asText()).isEqualTo(foreign);
    assertThat(listed.at("/request_counts/processing").asInt()).isEqualTo(3);
    assertThat(simulator.books().batches()).singleElement().matches(Books.Batch::foreign);
  }

  @Test
  void refusesTruncatesAndStopsForAnyReason() throws IOException {
    simulator.faults(
        new Fault.Refusal(Pattern.compile("^a$"), "cyber"),
        new Fault.Truncated(B),
        new Fault.StopReason(Pattern.compile("^c$"), "pause_turn"),
        new Fault.Empty(Pattern.compile("^d$")),
        new Fault.Thinking(Pattern.compile("^e$")));
    String id = ended("a", "b", "c", "d", "e");

    JsonNode refused = call.result(id, "a").path("message");
    assertThat(refused.path("stop_reason").asText()).isEqualTo("refusal");
    assertThat(refused.path("content")).isEmpty();
    assertThat(refused.at("/stop_details/category").asText()).isEqualTo("cyber");
    JsonNode truncated = call.result(id, "b").path("message");
    assertThat(truncated.path("stop_reason").asText()).isEqualTo("max_tokens");
    assertThat(truncated.at("/usage/output_tokens").asInt()).isEqualTo(256);
    assertThatThrownBy(() -> SimulatorCall.parse(truncated.at("/content/0/text").asText()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(call.result(id, "c").at("/message/stop_reason").asText()).isEqualTo("pause_turn");
    assertThat(call.result(id, "d").at("/message/content")).isEmpty();
    JsonNode content = call.result(id, "e").at("/message/content");
    assertThat(content.at("/0/type").asText()).isEqualTo("thinking");
    assertThat(SimulatorCall.parse(content.at("/1/text").asText()).has("amount")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"prose", "wrong_type", "extra_field", "missing_field"})
  void missesTheSchema(String miss) throws IOException {
    simulator.faults(
        SimulatorCall.parse(
            "{\"fault\":\"invalid_output\",\"custom_id\":\"^b$\",\"miss\":\"" + miss + "\"}"));
    String id = ended("b");

    String text = call.result(id, "b").at("/message/content/0/text").asText();

    assertThat(call.result(id, "b").at("/message/stop_reason").asText()).isEqualTo("end_turn");
    assertThat(fits(text)).isFalse();
  }

  @Test
  void makesLinesErroredExpiredAndCanceled() throws IOException {
    simulator.faults(
        new Fault.Errored(
            Pattern.compile("^a$"), "billing_error", "No credit", "enforced_spend_limit_reached"),
        new Fault.Expired(B),
        new Fault.Canceled(Pattern.compile("^c$")));
    String id = ended("a", "b", "c");

    JsonNode error = call.result(id, "a").at("/error/error");
    assertThat(error.path("type").asText()).isEqualTo("billing_error");
    assertThat(error.at("/details/error_code").asText()).isEqualTo("enforced_spend_limit_reached");
    assertThat(type(call.lines(id), "b")).isEqualTo("expired");
    assertThat(type(call.lines(id), "c")).isEqualTo("canceled");
    assertThat(simulator.books().billed()).isEmpty();
  }

  @Test
  void hitsALineOnlyAsOftenAsPlanned() throws IOException {
    simulator.fault(new Fault.Truncated(B), 0, 1);

    assertThat(call.result(ended("b"), "b").at("/message/stop_reason").asText())
        .isEqualTo("max_tokens");
    assertThat(call.result(ended("b"), "b").at("/message/stop_reason").asText())
        .isEqualTo("end_turn");
  }

  private String ended(String... customIds) throws IOException {
    String id = call.created(customIds);
    clock.advance(Duration.ofSeconds(2));
    return id;
  }

  private String status(String id) throws IOException {
    return call.batch(id).path("processing_status").asText();
  }

  private static String type(JsonNode line) {
    return line.at("/result/type").asText();
  }

  private static String type(List<JsonNode> lines, String customId) {
    return lines.stream()
        .filter(line -> line.path("custom_id").asText().equals(customId))
        .map(FaultsTest::type)
        .findFirst()
        .orElseThrow();
  }

  private static boolean fits(String text) {
    try {
      JsonNode json = SimulatorCall.parse(text);
      return json.size() == 4 && json.path("amount").isNumber();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private InputStream open(String id) throws IOException {
    var connection =
        URI.create(simulator.baseUrl() + SimulatorCall.BATCHES + "/" + id + "/results")
            .toURL()
            .openConnection();
    connection.setRequestProperty("x-api-key", "key");
    connection.setRequestProperty("anthropic-version", "2023-06-01");
    return connection.getInputStream();
  }

  private String readUntilCut(String id) throws IOException {
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    try (InputStream in = open(id)) {
      assertThatThrownBy(
              () -> {
                for (int next = in.read(); next >= 0; next = in.read()) {
                  seen.write(next);
                }
              })
          .isInstanceOf(IOException.class);
    }
    return seen.toString(StandardCharsets.UTF_8);
  }
}
