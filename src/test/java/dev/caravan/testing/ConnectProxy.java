package dev.caravan.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP proxy on loopback that takes CONNECT only, may want a login, and leads every address to
 * one port. It keeps all that it sees.
 */
public final class ConnectProxy implements AutoCloseable {
  private static final String SILENCE = "";

  private final ServerSocket listener;
  private final int target;
  private final @Nullable String login;
  private final Relay relay = new Relay();
  private final List<String> heads = new CopyOnWriteArrayList<>();
  private final ConcurrentLinkedQueue<String> answers = new ConcurrentLinkedQueue<>();

  private ConnectProxy(int target, @Nullable String login) throws IOException {
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.target = target;
    this.login = login;
    Relay.daemon(this::serve);
  }

  public static ConnectProxy to(int target) throws IOException {
    return new ConnectProxy(target, null);
  }

  public static ConnectProxy to(int target, String user, String password) throws IOException {
    byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return new ConnectProxy(target, Base64.getEncoder().encodeToString(both));
  }

  public String url() {
    return "http://127.0.0.1:" + listener.getLocalPort();
  }

  /** Heads of the requests, in their order. */
  public List<String> heads() {
    return heads;
  }

  /** Every byte that clients have sent, also through tunnels. */
  public String seen() {
    return relay.sent();
  }

  /** The next CONNECT with a good login is answered so, such as {@code 503 Service Unavailable}. */
  public ConnectProxy answer(String status) {
    answers.add(status);
    return this;
  }

  /** The next CONNECT is never answered. */
  public ConnectProxy stayingSilent() {
    return answer(SILENCE);
  }

  /** The next CONNECT is taken. */
  public ConnectProxy passing() {
    return answer("200 Connection established");
  }

  private void serve() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Relay.daemon(() -> handle(client));
      } catch (IOException e) {
        // closed
      }
    }
  }

  private void handle(Socket client) {
    try {
      String head = head(client.getInputStream());
      if (!head.startsWith("CONNECT ")) {
        end(client, "405 Method Not Allowed", "");
      } else if (login != null && !head.contains("Proxy-Authorization: Basic " + login + "\r\n")) {
        end(
            client,
            "407 Proxy Authentication Required",
            "Proxy-Authenticate: Basic realm=\"test\"\r\n");
      } else {
        answer(client);
      }
    } catch (IOException e) {
      // the client is gone
    }
  }

  private void answer(Socket client) throws IOException {
    String status = answers.isEmpty() ? "200 Connection established" : answers.remove();
    if (status.equals(SILENCE)) {
      return;
    }
    if (!status.startsWith("200")) {
      // as if it were the API: nothing but the place of the answer tells them apart
      end(client, status, "request-id: req_of_the_proxy\r\n");
      return;
    }
    Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
    write(client, "HTTP/1.1 " + status + "\r\n\r\n");
    relay.join(client, server);
  }

  private String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    byte[] one = new byte[1];
    while (head.indexOf("\r\n\r\n") < 0 && in.read(one) > 0) {
      head.append((char) one[0]);
      relay.keep(one, 1);
    }
    heads.add(head.toString());
    return head.toString();
  }

  private static void end(Socket client, String status, String header) throws IOException {
    write(
        client,
        "HTTP/1.1 " + status + "\r\n" + header + "Content-Length: 0\r\nConnection: close\r\n\r\n");
    client.close();
  }

  private static void write(Socket client, String text) throws IOException {
    client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    client.getOutputStream().flush();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
