package dev.caravan.cli;

import dev.caravan.batch.Request;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code retry} did; the form of {@code retry --json}. {@code sent} is null when nothing was
 * read from the source; {@code waitForResume} counts records that {@code resume} sends.
 */
record Retried(
    String job,
    int rejected,
    int kept,
    int loaded,
    List<Letter> notLoaded,
    @Nullable Sent sent,
    int waitForResume,
    List<String> leftOut,
    @Nullable String paused) {

  /** A record that is rejected, and why. */
  record Letter(String key, @Nullable String cause, @Nullable String detail) {
    static Letter of(Request request) {
      return new Letter(request.recordKey(), request.cause(), request.detail());
    }
  }

  /**
   * Records read again from the source: posted, waiting to be posted, rejected before that, and
   * keys that extract.sql no longer gives.
   */
  record Sent(int posted, int waiting, List<Letter> rejected, List<String> missing) {}

  ExitCode exit() {
    ExitCode code = ExitCode.DONE;
    boolean still = !notLoaded.isEmpty() || !leftOut.isEmpty();
    if (sent != null) {
      still |= !sent.rejected().isEmpty() || !sent.missing().isEmpty();
      code = sent.posted() + sent.waiting() > 0 ? code.or(ExitCode.UNFINISHED) : code;
    }
    code = still ? code.or(ExitCode.REJECTED) : code;
    return paused == null ? code : code.or(ExitCode.DECIDE);
  }
}
