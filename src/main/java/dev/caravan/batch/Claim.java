package dev.caravan.batch;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A record on its way to a request of its own: its row, its number in the batches of this pass, and
 * which submission it will be. {@code again} is the request that it follows when it is sent again;
 * then there is no row.
 */
public record Claim(
    RecordKey key,
    Map<String, @Nullable Object> row,
    String rowHash,
    String rowValues,
    int n,
    int submission,
    int attempt,
    @Nullable Request again) {

  /** The claim of a record whose request brought no answer. */
  public static Claim again(Request old, int n, int attempt) {
    return new Claim(
        new RecordKey(old.recordKey(), old.keyHash()),
        Map.of(),
        old.rowHash(),
        old.rowValues(),
        n,
        old.submission() + 1,
        attempt,
        old);
  }
}
