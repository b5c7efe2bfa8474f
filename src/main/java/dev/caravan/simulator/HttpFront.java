package dev.caravan.simulator;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.ExceptionListener;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpConnection;
import org.apache.hc.core5.http.impl.bootstrap.HttpServer;
import org.apache.hc.core5.http.impl.bootstrap.ServerBootstrap;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.EntityTemplate;
import org.apache.hc.core5.http.protocol.HttpProcessorBuilder;
import org.apache.hc.core5.http.protocol.ResponseConnControl;
import org.apache.hc.core5.http.protocol.ResponseContent;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.net.URIBuilder;
import org.apache.hc.core5.util.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server. Not the JDK's, which writes its own {@code Date} into every answer; here it is
 * the simulator's clock that says what time it is.
 */
final class HttpFront implements AutoCloseable {
  /** Answers a call; an IOException cuts the connection. */
  interface Handler {
    Reply answer(Call call) throws IOException;
  }

  private static final Logger log = LoggerFactory.getLogger(HttpFront.class);
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);

  private final HttpServer server;
  private final Handler handler;
  private final Clock clock;

  HttpFront(String host, int port, Clock clock, Handler handler) throws IOException {
    this.handler = handler;
    this.clock = clock;
    this.server =
        ServerBootstrap.bootstrap()
            .setLocalAddress(InetAddress.getByName(host))
            .setListenerPort(port)
            .setHttpProcessor(
                HttpProcessorBuilder.create()
                    .addAll(new ResponseContent(), new ResponseConnControl())
                    .build())
            .setSocketConfig(
                SocketConfig.custom()
                    .setSoTimeout(Timeout.ofMinutes(15))
                    .setTcpNoDelay(true)
                    .build())
            .setConnectionFactory(CuttableConnection::on)
            .setExceptionListener(new CutsAreWanted())
            // every host name is ours: a router by name would answer 421 behind a port mapping
            .setRequestRouter(
                (target, routing) -> (request, response, context) -> handle(request, response))
            .create();
    server.start();
  }

  int port() {
    return server.getLocalPort();
  }

  @Override
  public void close() {
    server.close(CloseMode.IMMEDIATE);
  }

  private void handle(ClassicHttpRequest request, ClassicHttpResponse response) throws IOException {
    Reply reply = handler.answer(callOf(request));
    response.setCode(reply.status());
    response.setHeader("date", DATE.format(clock.instant()));
    reply.headers().forEach(response::setHeader);
    response.setEntity(
        new EntityTemplate(
            -1, ContentType.create(reply.contentType()), null, reply.body()::writeTo));
  }

  private static Call callOf(ClassicHttpRequest request) throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (Header header : request.getHeaders()) {
      headers.put(header.getName().toLowerCase(Locale.ROOT), header.getValue());
    }
    Map<String, String> query = new HashMap<>();
    URI uri = uriOf(request);
    new URIBuilder(uri)
        .getQueryParams()
        .forEach(pair -> query.put(pair.getName(), pair.getValue() == null ? "" : pair.getValue()));
    boolean hasBody = request.getEntity() != null;
    return new Call(
        request.getMethod(),
        uri.getPath(),
        query,
        headers,
        hasBody ? request.getEntity().getContent() : InputStream.nullInputStream(),
        hasBody ? request.getEntity().getContentLength() : -1);
  }

  private static URI uriOf(ClassicHttpRequest request) {
    try {
      return request.getUri();
    } catch (URISyntaxException e) {
      throw ApiError.invalid("The request target is not a valid URI: " + e.getInput());
    }
  }

  private static final class CutsAreWanted implements ExceptionListener {
    @Override
    public void onError(Exception e) {
      if (!(e instanceof IOException)) {
        log.error("The simulator's connection ended: {}", e.toString(), e);
      }
    }

    @Override
    public void onError(HttpConnection connection, Exception e) {
      onError(e);
    }
  }
}
