package dev.caravan.faults;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Statements in PostgreSQL's wire protocol (its manual, "Message Formats"): simple queries, and
 * executions of prepared ones by their name. Without TLS.
 */
final class PostgresStream implements Commits.SqlStream {
  private final Consumer<String> statement;
  private final Map<String, String> prepared = new HashMap<>();
  private String bound = "";
  private boolean started;
  private byte[] rest = new byte[0];

  PostgresStream(Consumer<String> statement) {
    this.statement = statement;
  }

  @Override
  public void toServer(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(joined(rest, bytes));
    while (in.remaining() >= 5) {
      // only the first message has no type
      int head = started ? 1 : 0;
      int length = in.getInt(in.position() + head);
      if (in.remaining() < head + length) {
        break;
      }
      byte type = started ? in.get(in.position()) : 0;
      byte[] body = new byte[length - 4];
      in.position(in.position() + head + 4);
      in.get(body);
      started = true;
      message(type, body);
    }
    rest = new byte[in.remaining()];
    in.get(rest);
  }

  private void message(byte type, byte[] body) {
    switch (type) {
      case 'Q' -> statement.accept(text(body, 0));
      case 'P' -> {
        String name = text(body, 0);
        prepared.put(name, text(body, name.length() + 1));
      }
      case 'B' -> {
        String portal = text(body, 0);
        bound = prepared.getOrDefault(text(body, portal.length() + 1), "");
      }
      case 'E' -> statement.accept(bound);
      default -> {}
    }
  }

  /** ReadyForQuery is the last message of every answer. */
  @Override
  public boolean answered(byte[] bytes) {
    int last = bytes.length - 6;
    return last >= 0 && bytes[last] == 'Z' && bytes[last + 4] == 5;
  }

  private static String text(byte[] body, int from) {
    int end = from;
    while (end < body.length && body[end] != 0) {
      end++;
    }
    return new String(body, from, end - from, StandardCharsets.UTF_8);
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
