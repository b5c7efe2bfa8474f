package dev.caravan.batch;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.codec.digest.MurmurHash3;
import org.jspecify.annotations.Nullable;

/**
 * The hash of a row as extracted, over values and labels alone: the same on every machine, in every
 * zone, for every order of columns. It begins with the version of its formula.
 */
public final class RowHash {
  private static final String VERSION = "2:";

  private RowHash() {}

  public static String of(Map<String, @Nullable Object> row) {
    StringBuilder canonical = new StringBuilder("[");
    new TreeMap<>(row)
        .forEach(
            (column, value) -> {
              canonical.append(canonical.length() == 1 ? "" : ",");
              Canonical.quoted(canonical, column);
              canonical.append(',');
              Canonical.json(canonical, value);
            });
    byte[] text = canonical.append(']').toString().getBytes(StandardCharsets.UTF_8);
    long[] hash = MurmurHash3.hash128x64(text);
    ByteBuffer bytes = ByteBuffer.allocate(2 * Long.BYTES).putLong(hash[0]).putLong(hash[1]);
    return VERSION + HexFormat.of().formatHex(bytes.array());
  }

  /** Whether a stored hash is of this formula. */
  public static boolean isCurrent(String hash) {
    return hash.startsWith(VERSION);
  }
}
