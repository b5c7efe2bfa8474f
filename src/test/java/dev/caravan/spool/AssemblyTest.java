package dev.caravan.spool;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.batch.Run;
import dev.caravan.batch.RunCounts;
import dev.caravan.batch.RunState;
import dev.caravan.ledger.TakenOver;
import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AssemblyTest {
  private static final Run RUN =
      new Run(
          1,
          "invoices",
          Instant.EPOCH,
          RunState.EXTRACTING,
          1,
          1,
          false,
          false,
          null,
          RunCounts.NONE,
          Instant.EPOCH,
          null,
          null,
          null);

  private final Assembly assembly = new Assembly(RUN, "", 1, 1);

  /** Chunks go side by side: the one whose failure surfaces may not be the one that failed. */
  @Test
  void whatFailedFirstIsWhatEveryChunkFailsWith() {
    TakenOver first = new TakenOver("Run 1 was taken over");
    assembly.close(first);
    assembly.close(new IllegalStateException("another chunk, later"));
    assertThatThrownBy(assembly::checkOpen).isSameAs(first);
  }

  @Test
  void aCheckedFailureKeepsItsMessageAndItsCause() {
    IOException first = new IOException("no space left on device");
    assembly.close(first);
    assertThatThrownBy(assembly::checkOpen).hasMessage("no space left on device").hasCause(first);
  }
}
