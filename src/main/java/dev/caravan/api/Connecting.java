package dev.caravan.api;

import dev.caravan.settings.Settings;
import java.io.IOException;
import java.util.Objects;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;

/**
 * Stands around the step of the HTTP client that connects, and knows what came before it was done:
 * a failure there, or the answer of a proxy to CONNECT, is {@link NotConnected}, never an answer of
 * the server. The connect timeout holds for the proxy's answer, too.
 */
final class Connecting {
  private static final String DONE = "caravan.connected";
  private static final String REQUEST_CONFIG = "caravan.request-config";

  private final Settings.Http settings;

  Connecting(Settings.Http settings) {
    this.settings = settings;
  }

  /** Before the client connects. */
  ClassicHttpResponse begin(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
      throws IOException, HttpException {
    HttpClientContext context = scope.clientContext;
    RequestConfig config = context.getRequestConfigOrDefault();
    context.setAttribute(DONE, false);
    context.setAttribute(REQUEST_CONFIG, config);
    context.setRequestConfig(
        RequestConfig.copy(config).setResponseTimeout(config.getConnectTimeout()).build());
    ClassicHttpResponse answer;
    try {
      answer = chain.proceed(request, scope);
    } catch (IOException | HttpException e) {
      if (isDone(context)) {
        throw e;
      }
      throw words(scope.route).failed(e);
    } finally {
      context.setRequestConfig(config);
    }
    if (isDone(context)) {
      return answer;
    }
    try (answer) {
      throw words(scope.route).refused(answer.getCode(), answer.getReasonPhrase());
    }
  }

  /** The connection stands; the request leaves now. */
  ClassicHttpResponse done(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
      throws IOException, HttpException {
    HttpClientContext context = scope.clientContext;
    context.setAttribute(DONE, true);
    context.setRequestConfig(
        Objects.requireNonNull((RequestConfig) context.getAttribute(REQUEST_CONFIG)));
    return chain.proceed(request, scope);
  }

  private static boolean isDone(HttpClientContext context) {
    return Boolean.TRUE.equals(context.getAttribute(DONE));
  }

  private ConnectWords words(HttpRoute route) {
    HttpHost target = route.getTargetHost();
    String address = target.getHostName() + ":" + target.getPort();
    return new ConnectWords(
        address,
        route.getProxyHost() == null
            ? null
            : settings.proxy(target.getSchemeName(), target.getHostName(), target.getPort()),
        !settings.trusted().isEmpty());
  }
}
