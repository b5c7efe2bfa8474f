package dev.caravan.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The custom_ids of a body as it flows by; everything else is passed over. */
final class CustomIds {
  private static final byte[] KEY = "\"custom_id\":\"".getBytes(StandardCharsets.UTF_8);

  private final InputStream in;
  private final byte[] buffer = new byte[1 << 18];
  private final ByteArrayOutputStream id = new ByteArrayOutputStream(64);
  private int at;
  private int filled;
  private long bytes;

  CustomIds(InputStream in) {
    this.in = in;
  }

  long bytes() {
    return bytes;
  }

  /** The next one; empty at the end. */
  byte[] next() throws IOException {
    id.reset();
    int matched = 0;
    while (at < filled || more()) {
      byte b = buffer[at++];
      if (matched < KEY.length) {
        matched = b == KEY[matched] ? matched + 1 : b == KEY[0] ? 1 : 0;
      } else if (b == '"') {
        return id.toByteArray();
      } else {
        id.write(b);
      }
    }
    return new byte[0];
  }

  private boolean more() throws IOException {
    at = 0;
    filled = in.readNBytes(buffer, 0, buffer.length);
    bytes += filled;
    return filled > 0;
  }
}
