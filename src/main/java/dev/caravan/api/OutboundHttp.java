package dev.caravan.api;

import dev.caravan.settings.Settings;
import org.apache.camel.CamelContext;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.component.http.HttpComponent;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * How HTTP leaves this host, for every HTTP call of a route: through the proxy where there is one,
 * trusting the certificates of {@code http.ca-file} too.
 */
public final class OutboundHttp implements HttpClientConfigurer {
  private final Settings.Http settings;

  public OutboundHttp(Settings.Http settings) {
    this.settings = settings;
  }

  /** Makes it the way out of every endpoint that has no configurer of its own. */
  public void install(CamelContext context) {
    for (String scheme : new String[] {"http", "https"}) {
      HttpComponent component = context.getComponent(scheme, HttpComponent.class);
      component.setHttpClientConfigurer(this);
    }
    if (!settings.trusted().isEmpty()) {
      // on the component of http it would make every address one of https
      context
          .getComponent("https", HttpComponent.class)
          .setSslContextParameters(Trust.beside(settings.trusted()));
    }
  }

  @Override
  public void configureHttpClient(HttpClientBuilder client) {
    Connecting connecting = new Connecting(settings);
    client.addExecInterceptorBefore(ChainElement.CONNECT.name(), "connecting", connecting::begin);
    client.addExecInterceptorAfter(ChainElement.CONNECT.name(), "connected", connecting::done);
    client.setRoutePlanner(new Planner());
    BasicCredentialsProvider logins = new BasicCredentialsProvider();
    login(logins, settings.forHttps());
    login(logins, settings.forHttp());
    client.setDefaultCredentialsProvider(logins);
  }

  private static void login(BasicCredentialsProvider logins, Settings.@Nullable Proxy proxy) {
    if (proxy != null && proxy.user() != null) {
      logins.setCredentials(
          new AuthScope(proxy.host(), proxy.port()),
          new UsernamePasswordCredentials(proxy.user(), proxy.password().reveal().toCharArray()));
    }
  }

  /** One proxy at most; none to what {@code NO_PROXY} covers. */
  private final class Planner extends DefaultRoutePlanner {
    Planner() {
      super(null);
    }

    @Override
    protected @Nullable HttpHost determineProxy(HttpHost target, HttpContext context) {
      Settings.Proxy proxy =
          settings.proxy(target.getSchemeName(), target.getHostName(), target.getPort());
      return proxy == null ? null : new HttpHost("http", proxy.host(), proxy.port());
    }
  }
}
