package dev.caravan.load;

import dev.caravan.batch.Decision;
import dev.caravan.batch.Outcome;
import dev.caravan.batch.Request;
import dev.caravan.ledger.Outcomes;
import dev.caravan.ledger.Requests;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a twin: a batch that was given up as lost and turned up all the same. Its requests
 * are closed and their records may have been sent again; what was paid is used where it still can
 * be (R5), and booked in any case (R6).
 */
final class Twins {
  private final Requests requests;
  private final Outcomes outcomes;

  Twins(Requests requests, Outcomes outcomes) {
    this.requests = requests;
    this.outcomes = outcomes;
  }

  /** An answer to be loaded through the twin's request, and the newer request it makes needless. */
  record Late(Decision decision, @Nullable Request newer) {}

  /** Books each line, and gives the answers that may be loaded; row locks keep it that way. */
  List<Late> book(List<Decision> lines, Instant now) {
    List<Late> late = new ArrayList<>();
    for (Decision line : lines) {
      Request request = requests.lock(line.request());
      if (request.resultOffset() == null && request.outcome() != null) {
        book(line, request, now).ifPresent(late::add);
      }
    }
    return late;
  }

  private Optional<Late> book(Decision line, Request request, Instant now) {
    Request newer = requests.lockNewer(request).orElse(null);
    boolean good = line.outcome() instanceof Outcome.Completed;
    if ("completed".equals(request.outcome())) {
      outcomes.bookCost(line, "completed", Outcomes.SUPERSEDED, now);
      return Optional.empty();
    }
    boolean counts = newer == null && !"rejected".equals(request.outcome());
    if (counts || (good && (newer == null || wants(newer)))) {
      boolean booked = outcomes.bookLate(line, now);
      return booked && good ? Optional.of(new Late(line, newer)) : Optional.empty();
    }
    boolean paid = newer != null && line.usage() != null;
    outcomes.bookCost(
        line, String.valueOf(request.outcome()), paid ? "paid_twice" : request.cause(), now);
    return Optional.empty();
  }

  /** Whether the record still has no answer in its row, and nobody has dropped it. */
  private static boolean wants(Request newer) {
    boolean dropped = "rejected".equals(newer.outcome()) && "canceled".equals(newer.cause());
    return !"completed".equals(newer.outcome()) && !dropped && !newer.superseded();
  }

  /** The answers that really were loaded make the newer requests of their records needless. */
  void supersede(List<Late> late) {
    for (Late answer : late) {
      Request newer = answer.newer();
      boolean loaded = "completed".equals(requests.lock(answer.decision().request()).outcome());
      if (newer != null && loaded) {
        outcomes.supersede(newer);
      }
    }
  }
}
