package dev.caravan.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Everything the simulator says about time is its clock's. */
class ClockTest {
  private final MovableClock clock = MovableClock.stoppedAt(Instant.parse("2026-11-20T23:00:00Z"));
  private final SimulatorOptions options =
      SimulatorOptions.defaults().withClock(clock).withProcessing(Duration.ofMinutes(40));
  private Simulator simulator;
  private SimulatorCall call;

  @BeforeEach
  void start() throws IOException {
    simulator = Simulator.start(options);
    call = new SimulatorCall(simulator);
  }

  @AfterEach
  void stop() throws IOException {
    simulator.close();
  }

  @Test
  void tellsItsTimeInTheDateHeader() throws IOException {
    assertThat(date(call.get(SimulatorCall.BATCHES))).isEqualTo("Fri, 20 Nov 2026 23:00:00 GMT");
    clock.advance(Duration.ofHours(25));
    assertThat(date(call.get(SimulatorCall.BATCHES))).isEqualTo("Sun, 22 Nov 2026 00:00:00 GMT");
    assertThat(call.get(SimulatorCall.BATCHES).headers().allValues("date")).hasSize(1);
  }

  @Test
  void asksToComeBackOnlyWhileABatchRuns() throws IOException {
    String id = call.created("a");
    String path = SimulatorCall.BATCHES + "/" + id;

    assertThat(call.get(path).headers().firstValue("retry-after")).contains("10");
    clock.advance(Duration.ofMinutes(40));
    assertThat(call.get(path).headers().firstValue("retry-after")).isEmpty();
    assertThat(call.batch(id).path("ended_at").asText())
        .isEqualTo("2026-11-20T23:40:00.000000+00:00");
    assertThat(call.batch(id).path("expires_at").asText())
        .isEqualTo("2026-11-21T23:00:00.000000+00:00");
  }

  @Test
  void keepsResultsFor29Days() throws IOException {
    String id = call.created("a");

    clock.advance(Duration.ofDays(29).minusSeconds(1));
    assertThat(call.results(id).statusCode()).isEqualTo(200);
    assertThat(call.batch(id).path("archived_at").isNull()).isTrue();
    clock.advance(Duration.ofSeconds(1));
    assertThat(call.results(id).statusCode()).isEqualTo(404);
    assertThat(call.batch(id).path("archived_at").asText()).startsWith("2026-12-19T23:00:00");
    assertThat(call.batch(id).path("results_url").isNull()).isTrue();
  }

  @Test
  void keepsAllCountsProcessingUntilTheEnd() throws IOException {
    String id = call.created("a", "b", "c", "d");

    clock.advance(Duration.ofMinutes(39));

    assertThat(call.batch(id).at("/request_counts/processing").asInt()).isEqualTo(4);
  }

  @Test
  void movesCountsWhenAskedTo() throws IOException {
    simulator.close();
    simulator = Simulator.start(options.withIncrementalCounts(true));
    call = new SimulatorCall(simulator);
    String id = call.created("a", "b", "c", "d");

    clock.advance(Duration.ofMinutes(20));

    JsonNode counts = call.batch(id).path("request_counts");
    assertThat(counts.path("succeeded").asInt()).isEqualTo(2);
    assertThat(counts.path("processing").asInt()).isEqualTo(2);
  }

  @Test
  void neverRunsBackward() {
    assertThatThrownBy(() -> clock.advance(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static String date(HttpResponse<String> response) {
    return response.headers().firstValue("date").orElseThrow();
  }
}
