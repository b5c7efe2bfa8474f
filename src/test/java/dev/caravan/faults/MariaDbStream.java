package dev.caravan.faults;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Statements in MariaDB's wire protocol (its documentation, "COM_QUERY"): texts only, which is how
 * its driver sends them unless it is told otherwise. Without TLS.
 */
final class MariaDbStream implements Commits.SqlStream {
  private static final int COM_QUERY = 3;

  private final Consumer<String> statement;
  private final ByteArrayOutputStream rest = new ByteArrayOutputStream();

  MariaDbStream(Consumer<String> statement) {
    this.statement = statement;
  }

  @Override
  public void toServer(byte[] bytes) {
    rest.writeBytes(bytes);
    byte[] all = rest.toByteArray();
    int at = 0;
    while (at + 4 <= all.length) {
      int length = (all[at] & 255) | (all[at + 1] & 255) << 8 | (all[at + 2] & 255) << 16;
      if (at + 4 + length > all.length) {
        break;
      }
      if (length > 1 && all[at + 3] == 0 && all[at + 4] == COM_QUERY) {
        statement.accept(new String(all, at + 5, length - 1, StandardCharsets.UTF_8));
      }
      at += 4 + length;
    }
    rest.reset();
    rest.write(all, at, all.length - at);
  }

  @Override
  public boolean answered(byte[] bytes) {
    return bytes.length > 0;
  }
}
