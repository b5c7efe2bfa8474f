package dev.caravan.cli;

import dev.caravan.batch.Batch;
import dev.caravan.ledger.Batches;
import java.util.List;

/** Finds the batch a person means: by nonce, msgbatch id, or a unique beginning of either. */
final class BatchArgument {
  private BatchArgument() {}

  static Batch find(Batches batches, String text) {
    if (text.isBlank()) {
      throw new Refused(
          ExitCode.REFUSED,
          "The batch is empty. ./caravan status lists those that are not over; type the beginning"
              + " of a name.");
    }
    List<Batch> found = batches.like(text.strip());
    if (found.size() != 1) {
      throw new Refused(
          ExitCode.REFUSED,
          found.isEmpty()
              ? "There is no batch " + text + ". ./caravan status lists those that are not over."
              : "Several batches begin with "
                  + text
                  + ": "
                  + String.join(", ", found.stream().map(Batch::nonce).toList())
                  + ". Type more of it.");
    }
    return found.get(0);
  }
}
