package dev.caravan.api;

import dev.caravan.batch.Reasons;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.util.ObjectHelper;

/**
 * The Messaging Gateway to the calls that change nothing at the API or may be repeated: list,
 * retrieve, results, cancel. The create POST has a route of its own.
 */
public final class BatchesApi {
  static final String BATCHES = "/v1/messages/batches";

  /** Takes a body as it streams in. */
  public interface Sink {
    void accept(InputStream body) throws IOException;
  }

  private final ProducerTemplate producer;

  public BatchesApi(ProducerTemplate producer) {
    this.producer = producer;
  }

  /** GET the batches of the workspace; {@code query} such as {@code limit=100&after_id=…}. */
  public ApiResponse list(String query) throws ApiUnreachable {
    return read(BATCHES, query);
  }

  public ApiResponse retrieve(String msgbatchId) throws ApiUnreachable {
    return read(BATCHES + "/" + msgbatchId, "");
  }

  /** Asks for a cancel; what came of it, the next retrieve tells. */
  public ApiResponse cancel(String msgbatchId) throws ApiUnreachable {
    return call(
        "direct:anthropic-change",
        Map.of("method", "POST", "path", BATCHES + "/" + msgbatchId + "/cancel"));
  }

  /** Deletes an ended batch with its results: 404 when the API does not have it. */
  public ApiResponse delete(String msgbatchId) throws ApiUnreachable {
    return call(
        "direct:anthropic-change", Map.of("method", "DELETE", "path", BATCHES + "/" + msgbatchId));
  }

  /** GET the models this key may use. */
  public ApiResponse models() throws ApiUnreachable {
    return read("/v1/models", "limit=1");
  }

  /** GET one model: 200 when this key may use it, 404 when there is none of this name. */
  public ApiResponse model(String id) throws ApiUnreachable {
    return read("/v1/models/" + id, "");
  }

  /**
   * Streams the results of an ended batch into {@code sink}; always from the batch's own address,
   * so the key can't be sent elsewhere. The sink sees a body only on 200.
   */
  public ApiResponse results(String msgbatchId, Sink sink) throws ApiUnreachable {
    Exchange exchange =
        producer.send(
            "direct:anthropic-download",
            e -> {
              e.setVariable("path", BATCHES + "/" + msgbatchId + "/results");
              e.setVariable("sink", sink);
            });
    return response(exchange);
  }

  private ApiResponse read(String path, String query) throws ApiUnreachable {
    return call("direct:anthropic-call", Map.of("path", path, "query", query));
  }

  private ApiResponse call(String route, Map<String, String> variables) throws ApiUnreachable {
    return response(producer.send(route, e -> variables.forEach(e::setVariable)));
  }

  /**
   * The answer an exchange brought back.
   *
   * @throws ApiUnreachable when it brought none
   */
  public static ApiResponse response(Exchange exchange) throws ApiUnreachable {
    Exception failure = exchange.getException();
    HttpOperationFailedException failed =
        ObjectHelper.getException(HttpOperationFailedException.class, failure);
    if (failed != null) {
      return answer(failed);
    }
    Integer status = exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
    if (failure != null || status == null) {
      throw new ApiUnreachable(
          failure == null ? "no answer" : reason(failure),
          failure == null ? new IOException() : failure);
    }
    Map<String, String> headers = new TreeMap<>();
    exchange
        .getMessage()
        .getHeaders()
        .forEach(
            (name, value) -> headers.put(name.toLowerCase(Locale.ROOT), String.valueOf(value)));
    String body = exchange.getMessage().getBody(String.class);
    return new ApiResponse(status, headers, body == null ? "" : body);
  }

  /** An answer of 5xx, which counts as a failure of the call. */
  private static ApiResponse answer(HttpOperationFailedException failed) {
    Map<String, String> headers = new TreeMap<>();
    failed.getResponseHeaders().forEach((k, v) -> headers.put(k.toLowerCase(Locale.ROOT), v));
    String body = failed.getResponseBody();
    return new ApiResponse(failed.getHttpResponseCode(), headers, body == null ? "" : body);
  }

  /** Why a call brought no answer, never empty: {@code ConnectException: refused}. */
  public static String reason(Throwable failure) {
    NotConnected told = ObjectHelper.getException(NotConnected.class, failure);
    if (told != null) {
      return told.getMessage() + ". " + told.remedy();
    }
    Throwable cause = failure;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    if (cause instanceof CallNotPermittedException) {
      return "the API failed several calls in a row and is left alone for half a minute";
    }
    if (cause instanceof HttpOperationFailedException failed) {
      return "HTTP " + failed.getHttpResponseCode();
    }
    // what wraps it may say more
    String whole = Reasons.of(failure);
    return whole.equals(Reasons.of(cause)) ? named(cause) : whole;
  }

  private static String named(Throwable cause) {
    String reason = Reasons.of(cause);
    String kind = cause.getClass().getSimpleName();
    return reason.contains(kind) ? reason : kind + ": " + reason;
  }
}
