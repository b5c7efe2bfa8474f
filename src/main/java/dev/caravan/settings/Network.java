package dev.caravan.settings;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How HTTP leaves this host. {@code http.proxy} goes before the variables that other programs heed:
 * {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY}, lower case before upper case.
 */
final class Network {
  private static final String ALLOWED = "must be a proxy such as http://proxy.example.com:3128";

  private final RawSettings raw;
  private final CaFile caFile;

  Network(RawSettings raw, CaFile caFile) {
    this.raw = raw;
    this.caFile = caFile;
  }

  Settings.Http read() {
    Settings.Proxy own = own();
    return new Settings.Http(
        own == null ? ofEnvironment("https_proxy") : own,
        own == null ? ofEnvironment("http_proxy") : own,
        NoProxy.of(raw.variable(raw.nameOf("no_proxy"))),
        caFile.read());
  }

  private Settings.@Nullable Proxy own() {
    if (raw.text(Key.HTTP_PROXY).isEmpty()) {
      return null;
    }
    URI url = url(raw.text(Key.HTTP_PROXY));
    if (url == null) {
      raw.refuse(Key.HTTP_PROXY, ALLOWED);
    } else if (url.getRawUserInfo() != null) {
      raw.fault(
          Key.HTTP_PROXY,
          "http.proxy has a login in it, which logs and process lists would show",
          "Put it into http.proxy-user and http.proxy-password.");
    } else {
      return proxy("http.proxy", url);
    }
    return null;
  }

  private Settings.@Nullable Proxy ofEnvironment(String variable) {
    String name = raw.nameOf(variable);
    String text = raw.variable(name);
    if (text.isEmpty()) {
      return null;
    }
    URI url = url(text);
    if (url == null) {
      raw.faults()
          .add(
              Fault.in(
                  name,
                  "is " + Masked.of(text) + ", but " + ALLOWED,
                  "Other programs heed it too; for Caravan alone, set http.proxy."));
      return null;
    }
    return proxy(name, url);
  }

  /** The login of {@code http.proxy-user}, else of the URL, where variables often have it. */
  private Settings.Proxy proxy(String from, URI url) {
    String user = raw.text(Key.HTTP_PROXY_USER);
    String password = raw.text(Key.HTTP_PROXY_PASSWORD);
    String info = url.getRawUserInfo();
    if (user.isEmpty() && info != null) {
      int colon = info.indexOf(':');
      user = decoded(colon < 0 ? info : info.substring(0, colon));
      password = colon < 0 ? "" : decoded(info.substring(colon + 1));
    }
    return new Settings.Proxy(
        from, url.getHost(), url.getPort(), user.isEmpty() ? null : user, new Secret(password));
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** Null when it is not host and port, with or without {@code http://}. */
  private static @Nullable URI url(String text) {
    try {
      URI url = URI.create(text.contains("://") ? text : "http://" + text);
      boolean plain =
          url.getScheme().toLowerCase(Locale.ROOT).equals("http")
              && url.getHost() != null
              && url.getPort() > 0
              && url.getPort() < 65536
              && url.getRawPath().matches("/?")
              && url.getRawQuery() == null;
      return plain ? url : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
