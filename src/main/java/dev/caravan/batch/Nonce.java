package dev.caravan.batch;

import java.util.random.RandomGenerator;

/** The eight letters of a-z2-7 by which a batch is recognised as ours (40 random bits). */
public final class Nonce {
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

  private final RandomGenerator random;

  public Nonce(RandomGenerator random) {
    this.random = random;
  }

  public String next() {
    StringBuilder nonce = new StringBuilder(8);
    for (int i = 0; i < 8; i++) {
      nonce.append(ALPHABET.charAt(random.nextInt(32)));
    }
    return nonce.toString();
  }
}
