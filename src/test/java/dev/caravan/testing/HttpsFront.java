package dev.caravan.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * TLS before a server on loopback, under a name and with a certificate that no JDK trusts. It keeps
 * what it has decrypted.
 */
public final class HttpsFront implements AutoCloseable {
  public static final String HOST = "api.example.test";
  private static final String PASSWORD = "changeit";

  private final ServerSocket listener;
  private final int target;
  private final Path pem;
  private final Relay relay = new Relay();

  private HttpsFront(Path folder, int target, String... validity) throws Exception {
    this.target = target;
    KeyStore store = certificate(folder.resolve("front.p12"), validity);
    this.pem =
        Files.writeString(
            folder.resolve("front.pem"),
            "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder().encodeToString(store.getCertificate("front").getEncoded())
                + "\n-----END CERTIFICATE-----\n");
    this.listener =
        context(store)
            .getServerSocketFactory()
            .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Relay.daemon(this::serve);
  }

  /** Before what listens on {@code target}; key and certificate are made in {@code folder}. */
  public static HttpsFront before(int target, Path folder) throws Exception {
    return new HttpsFront(folder, target, "-validity", "2");
  }

  /** With a certificate of 2020. */
  public static HttpsFront expired(int target, Path folder) throws Exception {
    return new HttpsFront(folder, target, "-startdate", "2020/01/01 00:00:00", "-validity", "1");
  }

  public int port() {
    return listener.getLocalPort();
  }

  public String url() {
    return "https://" + HOST;
  }

  /** The file that {@code http.ca-file} is to name. */
  public Path pem() {
    return pem;
  }

  /** What clients have sent, without the TLS around it. */
  public String seen() {
    return relay.sent();
  }

  private void serve() {
    while (!listener.isClosed()) {
      try {
        relay.join(listener.accept(), new Socket(InetAddress.getLoopbackAddress(), target));
      } catch (IOException e) {
        // closed
      }
    }
  }

  private static KeyStore certificate(Path file, String... validity) throws Exception {
    List<String> command =
        Stream.concat(
                Stream.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    "front",
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=A gateway of ours",
                    "-ext",
                    "san=dns:" + HOST,
                    "-ext",
                    "bc=ca:true",
                    "-keystore",
                    file.toString(),
                    "-storepass",
                    PASSWORD),
                Stream.of(validity))
            .toList();
    Process made = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(made.getInputStream().readAllBytes());
    if (made.waitFor() != 0) {
      throw new IllegalStateException(said);
    }
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, PASSWORD.toCharArray());
      return store;
    }
  }

  private static SSLContext context(KeyStore store) throws GeneralSecurityException {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD.toCharArray());
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(keys.getKeyManagers(), null, null);
    return tls;
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
