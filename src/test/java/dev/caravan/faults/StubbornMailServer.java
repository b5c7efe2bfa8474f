package dev.caravan.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A mail server with moods; it keeps the text of what it accepted. */
final class StubbornMailServer implements AutoCloseable {
  /** What it does with a connection. */
  enum Mood {
    /** Closes it at once. */
    REFUSES,
    /** Takes it and says nothing. */
    HANGS,
    /** Answers 451 to every sender. */
    BUSY,
    /** Takes the mail. */
    WILLING
  }

  private final ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
  private final List<String> accepted = new CopyOnWriteArrayList<>();
  private volatile Mood mood = Mood.REFUSES;

  StubbornMailServer() throws IOException {
    daemon(this::serve);
  }

  int port() {
    return socket.getLocalPort();
  }

  void mood(Mood next) {
    mood = next;
  }

  List<String> accepted() {
    return accepted;
  }

  private void serve() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        daemon(() -> talk(client, mood));
      } catch (IOException closed) {
        // the test is over
      }
    }
  }

  private void talk(Socket client, Mood now) {
    try (client;
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8))) {
      if (now == Mood.REFUSES) {
        return;
      }
      if (now == Mood.HANGS) {
        in.read();
        return;
      }
      answer(client, "220 ready");
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (now == Mood.BUSY && line.startsWith("MAIL")) {
          answer(client, "451 try later");
        } else if (line.equals("DATA")) {
          answer(client, "354 go on");
          accepted.add(text(in));
          answer(client, "250 taken");
        } else {
          answer(client, "250 ok");
        }
      }
    } catch (IOException gone) {
      // the client had enough
    }
  }

  private static String text(BufferedReader in) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
      text.append(line).append('\n');
    }
    return text.toString();
  }

  private static void answer(Socket client, String line) throws IOException {
    client.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    client.getOutputStream().flush();
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "stubborn-mail-server");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
