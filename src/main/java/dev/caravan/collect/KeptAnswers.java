package dev.caravan.collect;

import dev.caravan.batch.Batch;
import dev.caravan.batch.Decision;
import dev.caravan.batch.Request;
import dev.caravan.ledger.Batches;
import dev.caravan.ledger.Requests;
import dev.caravan.spool.Spool;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;

/** Answers that were paid for and could not be loaded: taken from the spool and loaded again. */
public final class KeptAnswers {
  private static final Set<String> KEPT = Set.of("load_failed", "not_loaded");

  private final Batches batches;
  private final Requests requests;
  private final Decisions decisions;
  private final Spool spool;

  public KeptAnswers(Batches batches, Requests requests, Decisions decisions, Spool spool) {
    this.batches = batches;
    this.requests = requests;
    this.decisions = decisions;
    this.spool = spool;
  }

  /** Whether a rejected request has an answer that only failed to load. */
  public static boolean isKept(Request request) {
    return KEPT.contains(String.valueOf(request.cause())) && request.resultOffset() != null;
  }

  /** Loads one kept answer through {@code direct:load}; true when its row took it. */
  public boolean apply(CamelContext context, Request request) {
    Batch batch = batches.get(request.nonce());
    Long offset = request.resultOffset();
    String line;
    try {
      line = Spool.line(spool.results(batch), offset == null ? 0 : offset, request.resultLength());
    } catch (UncheckedIOException gone) {
      return false;
    }
    ResultLine result = new ResultLine(offset == null ? 0 : offset, request.resultLength(), line);
    List<Decision> decided = decisions.of(List.of(result), batch, new Tally());
    Exchange done =
        context
            .createProducerTemplate()
            .send(
                "direct:load",
                exchange -> {
                  exchange.getMessage().setBody(decided);
                  exchange.setVariable("batch", batch);
                  exchange.setVariable("reopen", true);
                });
    return done.getException() == null
        && requests.byN(request.nonce(), List.of(request.n())).values().stream()
            .anyMatch(now -> "completed".equals(now.outcome()));
  }
}
