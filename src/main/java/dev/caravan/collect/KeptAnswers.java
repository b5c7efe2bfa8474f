package dev.caravan.collect;

import dev.caravan.batch.Batch;
import dev.caravan.batch.Decision;
import dev.caravan.batch.Outcome;
import dev.caravan.batch.Reasons;
import dev.caravan.batch.Request;
import dev.caravan.ledger.Batches;
import dev.caravan.spool.LineGone;
import java.util.List;
import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;

/** Answers that were paid for and could not be loaded: taken from the spool and loaded again. */
public final class KeptAnswers {
  private final Batches batches;
  private final Decisions decisions;
  private final ResultLines lines;

  public KeptAnswers(Batches batches, Decisions decisions, ResultLines lines) {
    this.batches = batches;
    this.decisions = decisions;
    this.lines = lines;
  }

  /** Whether a rejected request has an answer that only failed to load. */
  public static boolean isKept(Request request) {
    return Outcome.KEPT.contains(String.valueOf(request.cause())) && request.resultOffset() != null;
  }

  /**
   * Loads one kept answer through {@code direct:load}: its request is completed, or rejected with
   * the cause of now.
   *
   * @return false when the answer is gone from the spool, and nothing was changed
   * @throws dev.caravan.spool.SpoolFailed when the spool can't be read now
   * @throws IllegalStateException when nothing could be loaded because the database is away or the
   *     job was paused
   */
  public boolean apply(CamelContext context, Request request) {
    Batch batch = batches.get(request.nonce());
    long offset = Objects.requireNonNullElse(request.resultOffset(), 0L);
    List<Decision> decided;
    try {
      ResultLine line = lines.at(batch, offset, request.resultLength());
      decided = decisions.of(List.of(line), batch, new Tally());
    } catch (LineGone gone) {
      return false;
    }
    List<Decision> last = decided.stream().map(KeptAnswers::last).toList();
    Exchange done =
        context
            .createProducerTemplate()
            .send(
                "direct:load",
                exchange -> {
                  exchange.getMessage().setBody(last);
                  exchange.setVariable("batch", batch);
                  exchange.setVariable("reopen", true);
                });
    if (done.getException() != null) {
      throw new IllegalStateException(Reasons.of(done.getException()), done.getException());
    }
    return !decided.isEmpty();
  }

  /**
   * An answer that turns out to be no good: the run in which it would be sent again may be over.
   */
  private static Decision last(Decision decision) {
    return decision.outcome() instanceof Outcome.Retry retry
        ? decision.as(new Outcome.Rejected(retry.cause(), retry.detail()))
        : decision;
  }
}
