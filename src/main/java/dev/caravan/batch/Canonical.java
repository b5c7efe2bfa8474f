package dev.caravan.batch;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Values of a row in the one spelling that is hashed: numbers as plain digits without trailing
 * zeros, UUID lower case, dates ISO, instants in UTC, text unchanged.
 */
final class Canonical {
  /** Zeros written out at most; PostgreSQL's numbers have fewer digits. */
  private static final int LONGEST = 200_000;

  private static final Pattern BARE = Pattern.compile("-?[0-9.]+(E[+-]?[0-9]+)?|true|false");

  private Canonical() {}

  /** Appends a value as JSON. */
  static void json(StringBuilder out, @Nullable Object value) {
    if (value == null || value instanceof Boolean) {
      out.append(value);
    } else if (value instanceof Number number) {
      number(out, number);
    } else {
      quoted(out, text(value));
    }
  }

  /** Appends a text as JSON. */
  static void quoted(StringBuilder out, String text) {
    out.append('"').append(JsonStringEncoder.getInstance().quoteAsString(text)).append('"');
  }

  /** The JSON of every value that {@link #text} gives as this text. */
  static Set<String> spellings(String text) {
    StringBuilder quoted = new StringBuilder();
    quoted(quoted, text);
    boolean plain = BARE.matcher(text).matches();
    return plain ? Set.of(quoted.toString(), text) : Set.of(quoted.toString());
  }

  private static void number(StringBuilder out, Number number) {
    BigDecimal decimal = decimal(number);
    if (decimal == null) {
      quoted(out, number.toString());
    } else {
      out.append(decimal);
    }
  }

  static String sha256(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  /** The value as people read it: like the canonical one, without quotes. */
  static String text(Object value) {
    if (value instanceof Number number) {
      BigDecimal decimal = decimal(number);
      return decimal == null ? number.toString() : decimal.toString();
    }
    if (value instanceof UUID) {
      return value.toString().toLowerCase(Locale.ROOT);
    }
    if (value instanceof OffsetDateTime instant) {
      return instant.toInstant().toString();
    }
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    return value.toString();
  }

  /** The exact value, null for what is no number. */
  private static @Nullable BigDecimal decimal(Number number) {
    if (number instanceof Double || number instanceof Float) {
      double value = number.doubleValue();
      if (Double.isNaN(value) || Double.isInfinite(value)) {
        return null;
      }
    }
    return plain(
        number instanceof BigDecimal exact
            ? exact
            : number instanceof BigInteger integer
                ? new BigDecimal(integer)
                : new BigDecimal(number.toString()));
  }

  private static BigDecimal plain(BigDecimal decimal) {
    BigDecimal stripped = decimal.stripTrailingZeros();
    if (stripped.scale() < -LONGEST) {
      return stripped; // a text as short as the database's
    }
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }
}
