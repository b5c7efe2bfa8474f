package dev.caravan.extract;

import dev.caravan.batch.Reasons;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Large objects, which some drivers give as handles into the row, as plain text and bytes. */
public final class LargeObjects {
  private LargeObjects() {}

  /** The value itself; read while its row is current. */
  public static @Nullable Object read(@Nullable Object value) {
    try {
      if (value instanceof Clob clob) {
        return clob.getSubString(1, Math.toIntExact(clob.length()));
      }
      return value instanceof Blob blob ? blob.getBytes(1, Math.toIntExact(blob.length())) : value;
    } catch (SQLException e) {
      throw new IllegalStateException("A large column could not be read: " + Reasons.of(e), e);
    }
  }
}
