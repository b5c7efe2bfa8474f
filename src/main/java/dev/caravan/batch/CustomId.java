package dev.caravan.batch;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Correlation Identifier of a request: {@code <job>_<nonce>_<n in base 32>_<key>}, at most 64
 * of {@code [A-Za-z0-9_-]}. A result is matched by nonce and n; the key part is for people.
 */
public record CustomId(String job, String nonce, int n) {
  private static final Pattern FORM =
      Pattern.compile("([a-z][a-z0-9-]{0,11})_([a-z2-7]{8})_([0-9a-v]{1,6})_[A-Za-z0-9_-]*");
  private static final Pattern FOREIGN = Pattern.compile("[^A-Za-z0-9-]+");
  private static final int MAX_LENGTH = 64;

  /** The id of a request whose record has this key. */
  public String text(String recordKey) {
    String id = prefix(job, nonce) + Integer.toString(n, 32) + "_";
    String key = FOREIGN.matcher(recordKey).replaceAll("-");
    return id + key.substring(0, Math.min(key.length(), MAX_LENGTH - id.length()));
  }

  /** What every custom_id of a batch begins with. */
  public static String prefix(String job, String nonce) {
    return job + "_" + nonce + "_";
  }

  /** The id in a result line; empty when it is none of ours. */
  public static Optional<CustomId> parse(String text) {
    Matcher form = FORM.matcher(text);
    return form.matches()
        ? Optional.of(
            new CustomId(form.group(1), form.group(2), Integer.parseInt(form.group(3), 32)))
        : Optional.empty();
  }
}
