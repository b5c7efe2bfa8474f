package dev.caravan.api;

import dev.caravan.settings.Settings.Proxy;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.camel.util.ObjectHelper;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Why no connection came about, in words that name the proxy, the certificate and what to do.
 *
 * @param address host and port that a connection was wanted to
 * @param proxy what was on the way; null for none
 * @param ownCa whether {@code http.ca-file} is set
 */
record ConnectWords(String address, @Nullable Proxy proxy, boolean ownCa) {
  private static final String BASE_URL = "ANTHROPIC_BASE_URL";

  /** The proxy answered CONNECT with something but 200. */
  NotConnected refused(int status, @Nullable String reason) {
    Exception answer = new ConnectException("HTTP " + status);
    if (proxy == null) {
      return new NotConnected("no connection to " + address, BASE_URL, "Check it.", answer);
    }
    // tinyproxy says 401 of a wrong login
    if (status == 407 || status == 401) {
      boolean none = proxy.user() == null;
      return new NotConnected(
          "the proxy %s (%s) %s (%d)"
              .formatted(proxy, proxy.from(), none ? "wants a login" : "refuses the login", status),
          none ? "http.proxy-user" : "http.proxy-password",
          none
              ? "Set http.proxy-user and http.proxy-password (CARAVAN_HTTP_PROXY_PASSWORD)."
              : "Check http.proxy-user ("
                  + proxy.user()
                  + ") and http.proxy-password"
                  + (proxy.from().equals("http.proxy")
                      ? "."
                      : ", or the login in " + proxy.from() + "."),
          answer);
    }
    String said = reason == null || reason.isBlank() ? "" : " " + reason.strip();
    return new NotConnected(
        "the proxy %s (%s) does not connect to %s: HTTP %d%s"
            .formatted(proxy, proxy.from(), address, status, said),
        proxy.from(),
        status == 403
            ? "Ask whoever runs the proxy to allow this address, or name it in NO_PROXY."
            : "Ask whoever runs the proxy whether it reaches this address, or name it in NO_PROXY.",
        answer);
  }

  /** Connecting failed before a request could leave. */
  NotConnected failed(Exception e) {
    if (ObjectHelper.getException(CertificateExpiredException.class, e) != null) {
      return certificate("has expired", e, "Renew it, and check the clock of this host.");
    }
    if (ObjectHelper.getException(SSLPeerUnverifiedException.class, e) != null) {
      return new NotConnected(
          "the certificate of " + address + " is that of another host" + detail(e),
          BASE_URL,
          "Check the address; something else may answer in its place.",
          e);
    }
    if (ObjectHelper.getException(CertificateException.class, e) != null) {
      return certificate(
          "is not trusted",
          e,
          ownCa
              ? "Check that http.ca-file has the certificate of the authority that issued it."
              : "If a proxy or gateway of yours presents it, set http.ca-file to the certificate"
                  + " (PEM) of its authority.");
    }
    String why = BatchesApi.reason(e);
    if (proxy != null && isUnreachable(e)) {
      return new NotConnected(
          "the proxy %s can't be reached (%s)".formatted(proxy, why),
          proxy.from(),
          "Check " + proxy.from() + ", and whether the proxy is up.",
          e);
    }
    if (proxy != null) {
      return throughProxy(proxy, why, e);
    }
    return new NotConnected(
        "no connection to " + address + ": " + why,
        BASE_URL,
        "Check the address, and whether a firewall is between. A host that reaches the internet"
            + " through a proxy only needs http.proxy.",
        e);
  }

  private NotConnected throughProxy(Proxy through, String why, Exception e) {
    boolean silent = ObjectHelper.getException(SocketTimeoutException.class, e) != null;
    return new NotConnected(
        "no connection to %s through the proxy %s (%s)"
            .formatted(address, through, silent ? "no answer within http.connect-timeout" : why),
        through.from(),
        "Check " + through.from() + ", and ask whoever runs it whether it reaches this address.",
        e);
  }

  private NotConnected certificate(String fault, Exception e, String remedy) {
    return new NotConnected(
        "the certificate of " + address + " " + fault + detail(e), "http.ca-file", remedy, e);
  }

  private static String detail(Exception e) {
    return " (" + BatchesApi.reason(e) + ")";
  }

  private static boolean isUnreachable(Exception e) {
    return e instanceof ConnectException
        || e instanceof ConnectTimeoutException
        || e instanceof UnknownHostException
        || e instanceof NoRouteToHostException;
  }
}
