package dev.caravan.simulator;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers every call: who may, which fault comes first, which endpoint, with which headers. */
final class Api implements HttpFront.Handler {
  private static final Logger log = LoggerFactory.getLogger(Api.class);
  private static final long MOST_MESSAGE_BYTES = 32L * 1024 * 1024;
  private static final int REQUESTS_PER_MINUTE = 20_000;

  private final SimulatorOptions options;
  private final FaultPlan faults;
  private final Bookkeeper books;
  private final BatchEndpoints batches;
  private final MessageEndpoints messages;
  private final Control control;

  Api(
      SimulatorOptions options,
      FaultPlan faults,
      Bookkeeper books,
      BatchEndpoints batches,
      MessageEndpoints messages,
      Control control) {
    this.options = options;
    this.faults = faults;
    this.books = books;
    this.batches = batches;
    this.messages = messages;
    this.control = control;
  }

  @Override
  public Reply answer(Call call) throws IOException {
    String requestId = Ids.of("req");
    Map<String, String> headers = new HashMap<>(Map.of("request-id", requestId));
    try {
      Reply reply = call.path().startsWith("/v1/") ? ofApi(call, headers) : control.answer(call);
      return reply.with(headers);
    } catch (ApiError e) {
      return Reply.of(e, requestId).with(headers);
    } catch (IllegalArgumentException e) {
      return Reply.of(ApiError.invalid(String.valueOf(e.getMessage())), requestId).with(headers);
    } catch (RuntimeException e) {
      log.error("{} {} failed in the simulator: {}", call.method(), call.path(), e.toString(), e);
      return Reply.of(ApiError.of(500), requestId).with(headers);
    }
  }

  private Reply ofApi(Call call, Map<String, String> headers) throws IOException {
    Endpoint endpoint = Endpoint.of(call.method(), call.path());
    if (endpoint == null) {
      throw ApiError.notFound("Not Found");
    }
    books.called(endpoint);
    Access access = Access.of(call, options.workspaces());
    headers.putAll(headersOf(access));
    Call limited = limited(call, endpoint);
    Fault.OfCall fault = faults.ofCall(endpoint);
    if (fault instanceof Fault.WebPage) {
      return Reply.page("<!DOCTYPE html>\n<html><body>\nPlease log in\n</body></html>\n");
    }
    before(limited, fault);
    Reply reply = dispatch(endpoint, limited, access, fault);
    if (fault instanceof Fault.CutAnswer cut) {
      return reply.cut(cut.bytes(), cut.reset());
    }
    after(fault);
    return reply;
  }

  private Reply dispatch(Endpoint endpoint, Call call, Access access, Fault.@Nullable OfCall fault)
      throws IOException {
    String id = endpoint.idIn(call.path());
    return switch (endpoint) {
      case CREATE -> batches.create(call, access, fault);
      case LIST -> batches.list(call, access);
      case RETRIEVE -> batches.retrieve(call, id, access);
      case RESULTS -> batches.results(id, access);
      case CANCEL -> batches.cancel(call, id, access);
      case DELETE -> batches.delete(id, access);
      case MESSAGE -> messages.message(call, access);
      case COUNT_TOKENS -> messages.countTokens(call);
      case MODELS -> messages.models(call);
      case MODEL -> messages.model(id);
    };
  }

  private static void before(Call call, Fault.@Nullable OfCall fault) throws IOException {
    if (fault instanceof Fault.Refuse refuse && !refuse.accepted()) {
      throw refuse.error();
    }
    if (fault instanceof Fault.CutBefore) {
      call.body().transferTo(OutputStream.nullOutputStream());
      throw new ConnectionCut();
    }
    if (fault instanceof Fault.CutBody cut) {
      call.body().readNBytes(cut.bytes());
      throw new ConnectionCut();
    }
  }

  private static void after(Fault.@Nullable OfCall fault) throws IOException {
    if (fault instanceof Fault.Refuse refuse) {
      throw refuse.error();
    }
    if (fault instanceof Fault.Hang hang) {
      await(hang.lasting());
    }
    if (fault != null) {
      throw new ConnectionCut();
    }
  }

  private static void await(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Call limited(Call call, Endpoint endpoint) {
    long limit = endpoint == Endpoint.CREATE ? options.maxBody() : MOST_MESSAGE_BYTES;
    if (call.contentLength() > limit) {
      throw ApiError.of(413);
    }
    String encoding = call.header("content-encoding");
    if (encoding != null && !encoding.equals("identity")) {
      throw new ApiError(
          400,
          null,
          "The request body encoding '" + encoding + "' is not supported.",
          "request_body_encoding_unsupported",
          null);
    }
    return new Call(
        call.method(),
        call.path(),
        call.query(),
        call.headers(),
        new LimitedBody(call.body(), limit),
        call.contentLength());
  }

  private Map<String, String> headersOf(Access access) {
    Instant reset = options.clock().instant().plusSeconds(1).truncatedTo(ChronoUnit.SECONDS);
    return Map.of(
        "anthropic-organization-id", "00000000-0000-4000-8000-000000000001",
        "anthropic-workspace-id", access.workspace(),
        "anthropic-ratelimit-requests-limit", String.valueOf(REQUESTS_PER_MINUTE),
        "anthropic-ratelimit-requests-remaining", String.valueOf(REQUESTS_PER_MINUTE - 1),
        "anthropic-ratelimit-requests-reset", reset.toString());
  }
}
