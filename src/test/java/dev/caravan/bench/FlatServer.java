package dev.caravan.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands in for the Message Batches API where it must cost next to nothing: the body of a create is
 * searched for custom_ids and not parsed, every batch has ended at once, and every request gets the
 * same answer. It checks nothing: the simulator does.
 */
final class FlatServer implements AutoCloseable {
  private static final String BATCHES = "/v1/messages/batches";
  private static final String ANSWER =
      "{\"department\":\"IT\",\"amount\":1245.00,\"summary\":\"Cloud hosting\",\"approval_required\":false}";

  private record Made(String id, Instant at, int requests, Path results) {}

  private final HttpServer http;
  private final ExecutorService threads = Executors.newFixedThreadPool(4);
  private final Path folder;
  private final Map<String, Made> byId = new ConcurrentHashMap<>();
  private final List<Made> newestFirst = new CopyOnWriteArrayList<>();
  private final AtomicLong received = new AtomicLong();
  private final int longAnswers;

  /** The first {@code longAnswers} answers of every batch have 9 million characters. */
  FlatServer(int longAnswers) throws IOException {
    this.longAnswers = longAnswers;
    this.folder = Files.createTempDirectory("caravan-bench");
    this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(threads);
    http.createContext("/", this::handle);
    http.start();
  }

  String url() {
    return "http://127.0.0.1:" + http.getAddress().getPort();
  }

  /** Bytes of all create bodies. */
  long received() {
    return received.get();
  }

  private void handle(HttpExchange call) throws IOException {
    try (call) {
      String path = call.getRequestURI().getPath();
      if (path.equals(BATCHES) && call.getRequestMethod().equals("POST")) {
        json(call, view(create(call.getRequestBody())));
      } else if (path.equals(BATCHES)) {
        json(call, list());
      } else if (path.endsWith("/results")) {
        results(call, made(path));
      } else {
        json(call, view(made(path)));
      }
    }
  }

  private Made made(String path) {
    return Objects.requireNonNull(byId.get(path.split("/")[4]), path);
  }

  private Made create(InputStream body) throws IOException {
    String id = "msgbatch_" + UUID.randomUUID().toString().replace("-", "").substring(0, 24);
    Path results = folder.resolve(id);
    int requests = 0;
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(results), 1 << 18)) {
      CustomIds ids = new CustomIds(body);
      for (byte[] customId = ids.next(); customId.length > 0; customId = ids.next()) {
        line(out, customId, requests < longAnswers);
        requests++;
      }
      received.addAndGet(ids.bytes());
    }
    Made made = new Made(id, Instant.now(), requests, results);
    byId.put(id, made);
    newestFirst.add(0, made);
    return made;
  }

  private static final byte[] BEGIN = "{\"custom_id\":\"".getBytes(StandardCharsets.UTF_8);
  private static final byte[] END = end(ANSWER);
  private static final byte[] LONG_END =
      end(ANSWER.replace("Cloud hosting", "Cloud hosting ".repeat(640_000)));

  private static void line(OutputStream out, byte[] customId, boolean isLong) throws IOException {
    out.write(BEGIN);
    out.write(customId);
    out.write(isLong ? LONG_END : END);
  }

  private static byte[] end(String answer) {
    String message =
        """
        ","result":{"type":"succeeded","message":{"id":"msg_bench","type":"message",\
        "role":"assistant","model":"claude-haiku-5-5","content":[{"type":"text","text":"%s"}],\
        "stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":410,\
        "cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":38,\
        "service_tier":"batch"}}}}
        """;
    return message.formatted(answer.replace("\"", "\\\"")).getBytes(StandardCharsets.UTF_8);
  }

  private String view(Made made) {
    return """
        {"id":"%s","type":"message_batch","processing_status":"ended","request_counts":{\
        "processing":0,"succeeded":%d,"errored":0,"canceled":0,"expired":0},"ended_at":"%s",\
        "created_at":"%s","expires_at":"%s","archived_at":null,"cancel_initiated_at":null,\
        "results_url":"%s/%s/results"}"""
        .formatted(
            made.id(),
            made.requests(),
            made.at(),
            made.at(),
            made.at().plusSeconds(86_400),
            url() + BATCHES,
            made.id());
  }

  private String list() {
    return "{\"data\":["
        + String.join(",", newestFirst.stream().limit(20).map(this::view).toList())
        + "],\"has_more\":false,\"first_id\":null,\"last_id\":null}";
  }

  private static void json(HttpExchange call, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    call.getResponseHeaders().set("content-type", "application/json");
    call.getResponseHeaders().set("request-id", "req_" + UUID.randomUUID());
    call.sendResponseHeaders(200, bytes.length);
    call.getResponseBody().write(bytes);
  }

  private static void results(HttpExchange call, Made made) throws IOException {
    call.getResponseHeaders().set("content-type", "application/x-jsonl");
    call.getResponseHeaders().set("request-id", "req_" + UUID.randomUUID());
    call.sendResponseHeaders(200, 0);
    Files.copy(made.results(), call.getResponseBody());
  }

  @Override
  public void close() throws IOException {
    http.stop(0);
    threads.shutdownNow();
    for (Made made : newestFirst) {
      Files.deleteIfExists(made.results());
    }
    Files.deleteIfExists(folder);
  }
}
