package dev.caravan.report;

import dev.caravan.ledger.Home;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.UUID;

/**
 * Message-IDs that stay the same for the same mail over all tries and processes, and differ between
 * installations.
 */
public final class MessageIds {
  private static final int MAX_NAME = 80;

  private final Home home;
  private final String from;

  /** {@code from} is the sender's address, whose domain the ids carry. */
  public MessageIds(Home home, String from) {
    this.home = home;
    this.from = from;
  }

  /** The id of the mail with this name, such as {@code invoices-2026-11-20T22:00:00Z-final}. */
  String of(String name) {
    String whole = home.id().orElse("") + " " + name;
    UUID unique = UUID.nameUUIDFromBytes(whole.getBytes(StandardCharsets.UTF_8));
    String readable = name.replaceAll("[^A-Za-z0-9-]+", "-");
    return "<"
        + readable.substring(0, Math.min(MAX_NAME, readable.length()))
        + "."
        + unique
        + "@"
        + domain()
        + ">";
  }

  private String domain() {
    String domain = from.replaceAll(".*@|[^A-Za-z0-9.-]", "");
    return domain.isEmpty() || domain.length() > 60
        ? "caravan.invalid"
        : domain.toLowerCase(Locale.ROOT);
  }
}
