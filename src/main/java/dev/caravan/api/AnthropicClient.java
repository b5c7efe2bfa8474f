package dev.caravan.api;

import dev.caravan.settings.Settings;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;

/**
 * Puts key and version on every request, below Camel, so that neither is ever a message header; and
 * switches the HTTP client's own retries off. A connection is used once: a stale one from the pool
 * would turn a POST that never left into a doubt.
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
    client.addRequestInterceptorFirst(
        (request, entity, context) -> {
          request.setHeader("anthropic-version", settings.version());
          request.setHeader(
              old ? "x-api-key" : "Authorization",
              (old ? "" : "Bearer ") + settings.apiKey().reveal());
        });
  }
}
