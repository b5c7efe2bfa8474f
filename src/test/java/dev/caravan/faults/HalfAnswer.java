package dev.caravan.faults;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** An API that lists nothing, and answers a create with the given bytes, or not at all. */
final class HalfAnswer implements AutoCloseable {
  private static final String LIST = "{\"data\":[],\"has_more\":false}";

  private final ServerSocket server;
  private final String answer;

  private HalfAnswer(ServerSocket server, String answer) {
    this.server = server;
    this.answer = answer;
  }

  /** An empty answer keeps the connection open and says nothing. */
  static HalfAnswer start(String answer) throws IOException {
    HalfAnswer api =
        new HalfAnswer(new ServerSocket(0, 10, InetAddress.getLoopbackAddress()), answer);
    Thread thread = new Thread(api::serve, "half-answer");
    thread.setDaemon(true);
    thread.start();
    return api;
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  private void serve() {
    while (!server.isClosed()) {
      try {
        answer(server.accept());
      } catch (IOException closed) {
        // by the test's end, or by the client
      }
    }
  }

  private void answer(Socket client) throws IOException {
    boolean read = head(client.getInputStream()).startsWith("GET");
    OutputStream out = client.getOutputStream();
    if (read) {
      out.write(
          ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                  + LIST.length()
                  + "\r\nConnection: close\r\n\r\n"
                  + LIST)
              .getBytes(StandardCharsets.US_ASCII));
    }
    out.write(read ? new byte[0] : answer.getBytes(StandardCharsets.US_ASCII));
    out.flush();
    if (read || !answer.isEmpty()) {
      client.close();
    }
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("cut");
      }
      head.write(next);
    }
    return head.toString(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
