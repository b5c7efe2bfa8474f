package dev.caravan.simulator;

import java.util.concurrent.ThreadLocalRandom;

/** Makes ids in the look of the API's: a prefix, 01, and 22 letters and digits. */
final class Ids {
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  private Ids() {}

  static String of(String prefix) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    StringBuilder id = new StringBuilder(prefix).append("_01");
    for (int i = 0; i < 22; i++) {
      id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return id.toString();
  }
}
