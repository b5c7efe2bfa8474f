package dev.caravan.simulator;

import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/** Makes ids in the look of the API's: a prefix, 01, and 22 letters and digits. */
final class Ids {
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  private Ids() {}

  static String of(String prefix) {
    return ThreadLocalRandom.current()
        .ints(22, 0, ALPHABET.length())
        .mapToObj(i -> String.valueOf(ALPHABET.charAt(i)))
        .collect(Collectors.joining("", prefix + "_01", ""));
  }
}
