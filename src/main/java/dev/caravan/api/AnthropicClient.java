package dev.caravan.api;

import dev.caravan.settings.Settings;
import java.io.IOException;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;

/**
 * Puts key and version on every request, below Camel, so that neither is ever a message header;
 * lets each batch be posted once, and switches the HTTP client's own retries off. A connection is
 * used once: a stale one from the pool would turn a POST that never left into a doubt.
 */
public final class AnthropicClient implements HttpClientConfigurer {
  private final Settings.Anthropic settings;
  private final OutboundHttp outbound;

  public AnthropicClient(Settings.Anthropic settings, OutboundHttp outbound) {
    this.settings = settings;
    this.outbound = outbound;
  }

  @Override
  public void configureHttpClient(HttpClientBuilder client) {
    outbound.configureHttpClient(client);
    boolean old = settings.version().equals("2023-06-01");
    client.disableAutomaticRetries();
    client.disableContentCompression();
    client.disableCookieManagement();
    client.disableRedirectHandling();
    client.setConnectionReuseStrategy((request, response, context) -> false);
    client.addExecInterceptorFirst("one-post", AnthropicClient::onePost);
    client.addRequestInterceptorFirst(
        (request, entity, context) -> {
          request.setHeader("anthropic-version", settings.version());
          request.setHeader(
              old ? "x-api-key" : "Authorization",
              (old ? "" : "Bearer ") + settings.apiKey().reveal());
        });
  }

  /** R3 hangs on no line of a route: a create has the body of a batch, and each goes once. */
  private static ClassicHttpResponse onePost(
      ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
      throws IOException, HttpException {
    boolean create =
        request.getMethod().equals("POST") && request.getPath().endsWith(BatchesApi.BATCHES);
    if (create && scope.originalRequest.getEntity() instanceof BatchBody body) {
      body.post();
    } else if (create) {
      throw new AlreadyPosted("a create POST without a batch of its own is not sent");
    }
    return chain.proceed(request, scope);
  }
}
