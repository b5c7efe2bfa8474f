package dev.caravan.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.settings.JobReader;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Chunks that are in hand keep a pass open, and what was read of them is accounted for. */
class ChunksTest {
  private final ChunksInHand chunks = new ChunksInHand();

  @Test
  void aPassIsNotOverBeforeEveryChunkThatWasBegun() throws Exception {
    chunks.read();
    chunks.read();
    ChunksInHand.Work first = chunks.begin();
    ChunksInHand.Work second = chunks.begin();
    first.end();
    first.end();
    CompletableFuture<Void> over = CompletableFuture.runAsync(chunks::closeComplete);
    assertThatThrownBy(() -> over.get(50, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    second.end();
    over.get(10, TimeUnit.SECONDS);
  }

  @Test
  void aChunkThatWasReadAndNeverBegunIsNotPassedOver() {
    chunks.read();
    assertThatThrownBy(chunks::closeComplete).hasMessageContaining("1 chunks of rows");
  }

  @Test
  void nothingBeginsInAPassThatIsOver() {
    chunks.close();
    assertThatThrownBy(chunks::begin).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void rowsAreDealtOutInChunksAndTheLastOneIsShorter() {
    Iterator<List<Object>> dealt =
        new Chunks(2)
            .of(
                List.of(1, 2, 3).iterator(),
                Extraction.rehearsal(JobReader.read(Path.of(""), "invoices")));
    assertThat(dealt).toIterable().containsExactly(List.of(1, 2), List.of(3));
  }
}
