package dev.caravan.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Carries bytes between two sockets until one side ends, and keeps what went to the server. */
final class Relay {
  private final ByteArrayOutputStream toServer = new ByteArrayOutputStream();

  /** Everything that clients have sent, one character per byte. */
  String sent() {
    synchronized (toServer) {
      return toServer.toString(StandardCharsets.ISO_8859_1);
    }
  }

  void keep(byte[] bytes, int length) {
    synchronized (toServer) {
      toServer.write(bytes, 0, length);
    }
  }

  void join(Socket client, Socket server) {
    daemon(() -> pump(client, server, true));
    daemon(() -> pump(server, client, false));
  }

  private void pump(Socket from, Socket to, boolean kept) {
    byte[] buffer = new byte[64 * 1024];
    try (from;
        to) {
      for (int n = from.getInputStream().read(buffer);
          n >= 0;
          n = from.getInputStream().read(buffer)) {
        if (kept) {
          keep(buffer, n);
        }
        to.getOutputStream().write(buffer, 0, n);
        to.getOutputStream().flush();
      }
    } catch (IOException e) {
      // either side is gone
    }
  }

  static void daemon(Runnable work) {
    Thread thread = new Thread(work, "relay");
    thread.setDaemon(true);
    thread.start();
  }
}
