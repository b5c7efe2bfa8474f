package dev.caravan.settings;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hosts that are reached without a proxy: loopback, and what {@code NO_PROXY} names as curl reads
 * it, with or without a port: {@code *}, {@code example.com} and {@code .example.com} (both with
 * all below them), addresses, {@code 10.0.0.0/8}. No name is resolved for it.
 */
public record NoProxy(List<String> entries) {
  private static final Pattern WITH_PORT = Pattern.compile("(\\[[^\\]]+\\]|[^:\\[\\]]+):(\\d+)");
  private static final Pattern LITERAL = Pattern.compile("[0-9.]+|[0-9a-f:.]*:[0-9a-f:.]*");

  /** Entries separated by commas or blanks. */
  static NoProxy of(String text) {
    return new NoProxy(
        Pattern.compile("[,\\s]+")
            .splitAsStream(text.toLowerCase(Locale.ROOT))
            .filter(entry -> !entry.isEmpty())
            .toList());
  }

  public boolean covers(String host, int port) {
    String name = plain(host.toLowerCase(Locale.ROOT));
    return isLoopback(name) || entries.stream().anyMatch(entry -> matches(entry, name, port));
  }

  private static boolean isLoopback(String name) {
    return name.equals("localhost")
        || name.endsWith(".localhost")
        || (isAddress(name) && address(name).isLoopbackAddress());
  }

  private static boolean matches(String entry, String name, int port) {
    Matcher withPort = WITH_PORT.matcher(entry);
    if (withPort.matches()) {
      return withPort.group(2).equals(Integer.toString(port))
          && matches(withPort.group(1), name, port);
    }
    int slash = entry.indexOf('/');
    if (slash > 0) {
      return isWithin(plain(entry.substring(0, slash)), entry.substring(slash + 1), name);
    }
    String suffix = plain(entry).replaceFirst("^\\*?\\.", "");
    if (entry.equals("*")) {
      return true;
    }
    return isAddress(name)
        ? isAddress(suffix) && address(suffix).equals(address(name))
        : name.equals(suffix) || name.endsWith("." + suffix);
  }

  private static boolean isWithin(String network, String bits, String name) {
    if (!isAddress(network) || !isAddress(name) || !bits.matches("\\d{1,3}")) {
      return false;
    }
    byte[] base = address(network).getAddress();
    byte[] given = address(name).getAddress();
    int left = Integer.parseInt(bits);
    if (base.length != given.length || left > base.length * 8) {
      return false;
    }
    for (int i = 0; left > 0; i++, left -= 8) {
      int mask = left >= 8 ? 0xff : 0xff << (8 - left) & 0xff;
      if (((base[i] ^ given[i]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }

  /** Without the brackets of an IPv6 address and the dot that ends a full name. */
  private static String plain(String host) {
    return host.replaceAll("^\\[|\\]$", "").replaceFirst("(?<=.)\\.$", "");
  }

  private static boolean isAddress(String text) {
    if (!LITERAL.matcher(text).matches()) {
      return false;
    }
    try {
      InetAddress.getByName(text);
      return text.indexOf(':') >= 0 || text.chars().filter(c -> c == '.').count() == 3;
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static InetAddress address(String literal) {
    try {
      return InetAddress.getByName(literal);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(literal, e);
    }
  }
}
