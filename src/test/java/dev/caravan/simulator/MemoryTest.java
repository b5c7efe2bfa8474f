package dev.caravan.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.SequenceInputStream;
import java.lang.ref.Reference;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Enumeration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A full batch of 100,000 requests passes through a small heap. */
class MemoryTest {
  private static final int REQUESTS = 100_000;
  private static final int CHUNK = 500;
  private static final long MOST_LIVE_BYTES = 12L * 1024 * 1024;

  @Test
  void keepsOnlyOffsetsOfALargeBatchInMemory(@TempDir Path spool) throws Exception {
    MovableClock clock = MovableClock.stoppedAt(Instant.parse("2026-11-20T23:00:00Z"));
    try (Simulator simulator =
        Simulator.start(SimulatorOptions.defaults().withClock(clock).withSpool(spool))) {
      long before = live();
      String id = create(simulator);
      clock.advance(Duration.ofHours(1));
      long lines = countResults(simulator, id);
      long held = live() - before;

      assertThat(lines).isEqualTo(REQUESTS);
      assertThat(simulator.books().batches().get(0).requestCounts().succeeded())
          .isEqualTo(REQUESTS);
      assertThat(held).isLessThan(MOST_LIVE_BYTES);
      Reference.reachabilityFence(simulator);
    }
    assertThat(spool).isEmptyDirectory();
  }

  private static String create(Simulator simulator) throws Exception {
    HttpRequest request =
        request(simulator, SimulatorCall.BATCHES)
            .POST(HttpRequest.BodyPublishers.ofInputStream(MemoryTest::body))
            .build();
    HttpResponse<String> created =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    return SimulatorCall.json(created).path("id").asText();
  }

  private static long countResults(Simulator simulator, String id) throws Exception {
    HttpRequest request = request(simulator, SimulatorCall.BATCHES + "/" + id + "/results").build();
    HttpResponse<InputStream> results =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofInputStream());
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(results.body(), StandardCharsets.UTF_8))) {
      return lines.lines().count();
    }
  }

  private static HttpRequest.Builder request(Simulator simulator, String path) {
    return HttpRequest.newBuilder(URI.create(simulator.baseUrl() + path))
        .version(HttpClient.Version.HTTP_1_1)
        .header("x-api-key", "key")
        .header("anthropic-version", "2023-06-01");
  }

  private static InputStream body() {
    return new SequenceInputStream(
        new Enumeration<>() {
          private int next = -1;

          @Override
          public boolean hasMoreElements() {
            return next <= REQUESTS;
          }

          @Override
          public InputStream nextElement() {
            String text = next < 0 ? "{\"requests\":[" : next == REQUESTS ? "]}" : requests(next);
            next += next < 0 || next == REQUESTS ? 1 : CHUNK;
            return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
          }
        });
  }

  private static String requests(int from) {
    return IntStream.range(from, from + CHUNK)
        .mapToObj(MemoryTest::requestNumber)
        .collect(Collectors.joining());
  }

  private static String requestNumber(int n) {
    return (n == 0 ? "" : ",")
        + "{\"custom_id\":\"invoices_abcdefgh_"
        + n
        + "_some-longer-record-key\",\"params\":{\"model\":\"claude-haiku-5-5\",\"max_tokens\":64,"
        + "\"messages\":[{\"role\":\"user\",\"content\":\"Invoice "
        + n
        + " of a supplier, total amount: 12.50. "
        + "Lorem ipsum dolor sit amet. ".repeat(10)
        + "\"}]}}";
  }

  private static long live() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
