package dev.caravan.api;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.camel.support.jsse.TrustManagersParameters;
import org.jspecify.annotations.Nullable;

/** Whom TLS trusts. */
final class Trust {
  private Trust() {}

  /** What the JDK trusts, and these. */
  static SSLContextParameters beside(List<X509Certificate> certificates) {
    TrustManagersParameters trusted = new TrustManagersParameters();
    try {
      List<X509Certificate> all = new ArrayList<>(certificates);
      all.addAll(List.of(manager(null).getAcceptedIssuers()));
      trusted.setTrustManager(manager(store(all)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The JDK's trusted certificates can't be read", e);
    }
    SSLContextParameters tls = new SSLContextParameters();
    tls.setTrustManagers(trusted);
    return tls;
  }

  private static KeyStore store(List<X509Certificate> certificates)
      throws GeneralSecurityException {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (int i = 0; i < certificates.size(); i++) {
        store.setCertificateEntry("ca-" + i, certificates.get(i));
      }
      return store;
    } catch (IOException e) {
      throw new GeneralSecurityException("an empty key store can't be made", e);
    }
  }

  /** A null store is the JDK's own. */
  private static X509TrustManager manager(@Nullable KeyStore store)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager x509) {
        return x509;
      }
    }
    throw new GeneralSecurityException("this JDK has no trust manager for X.509");
  }
}
