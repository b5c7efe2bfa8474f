package dev.caravan.settings;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Hosts that are this machine by their name alone, without asking a name server. */
final class Loopback {
  private Loopback() {}

  static boolean is(@Nullable String host) {
    String name = host == null ? "" : host.toLowerCase(Locale.ROOT);
    return name.equals("localhost")
        || name.equals("::1")
        || name.equals("[::1]")
        || name.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
  }
}
