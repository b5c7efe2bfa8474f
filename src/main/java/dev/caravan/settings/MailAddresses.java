package dev.caravan.settings;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.util.Arrays;
import java.util.List;

/** Mail addresses as people write them; {@link IllegalArgumentException} on anything else. */
final class MailAddresses {
  private MailAddresses() {}

  /** Addresses separated by commas; empty for an empty text. */
  static List<String> list(String text) {
    try {
      return Arrays.stream(InternetAddress.parse(text, true))
          .peek(MailAddresses::requireDomain)
          .map(InternetAddress::toString)
          .toList();
    } catch (AddressException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  static String one(String text) {
    List<String> all = list(text);
    if (all.size() != 1) {
      throw new IllegalArgumentException(text);
    }
    return all.get(0);
  }

  private static void requireDomain(InternetAddress address) {
    if (!address.getAddress().contains("@")) {
      throw new IllegalArgumentException(address.getAddress());
    }
  }
}
