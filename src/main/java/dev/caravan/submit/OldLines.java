package dev.caravan.submit;

import dev.caravan.batch.Claim;
import dev.caravan.batch.Reasons;
import dev.caravan.batch.Request;
import dev.caravan.ledger.Batches;
import dev.caravan.ledger.Requests;
import dev.caravan.settings.Job;
import dev.caravan.settings.Prices;
import dev.caravan.spool.LineGone;
import dev.caravan.spool.RequestLine;
import dev.caravan.spool.Spool;
import dev.caravan.spool.SpoolFailed;
import dev.caravan.spool.SpoolFile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Copies request lines from the spool for their next send: only custom_id and, after a truncation,
 * max_tokens change.
 */
public final class OldLines {
  /** A batch that the API has not accepted was no attempt of its records. */
  private static final Set<String> NO_ATTEMPT = Set.of("refused", "batch_too_large", "lost");

  private static final String PARAMS = "\",\"params\":";

  private final Batches batches;
  private final Requests requests;
  private final Prices prices;
  private final Spool spool;

  public OldLines(Batches batches, Requests requests, Prices prices, Spool spool) {
    this.batches = batches;
    this.requests = requests;
    this.prices = prices;
    this.spool = spool;
  }

  /** The line of a request as number {@code n} of a resend; a record without one is rejected. */
  Optional<RequestLine> copy(Request old, int n, Resend resend) {
    try {
      int maxTokens = maxTokens(old, resend.job());
      String params =
          params(old).replaceFirst("\"max_tokens\":\\d+", "\"max_tokens\":" + maxTokens);
      return Optional.of(
          new RequestLine(
              Claim.again(old, n, nextAttempt(old)),
              Objects.requireNonNullElse(old.model(), ""),
              maxTokens,
              Objects.requireNonNullElse(old.schemaHash(), ""),
              List.of(params.getBytes(StandardCharsets.UTF_8))));
    } catch (LineGone gone) {
      if (spool.isAway()) {
        throw new SpoolFailed(Reasons.of(gone) + ". Is the disk of spool.dir mounted?", gone);
      }
      requests.giveUp(old, "request_missing", Reasons.of(gone));
      return Optional.empty();
    }
  }

  private static int nextAttempt(Request old) {
    return NO_ATTEMPT.contains(String.valueOf(old.cause())) ? old.attempt() : old.attempt() + 1;
  }

  private String params(Request request) {
    Long offset = request.spoolOffset();
    String line =
        new SpoolFile(spool.requests(batches.get(request.nonce())))
            .line(offset == null ? 0 : offset, request.spoolLength());
    return line.substring(line.indexOf(PARAMS) + PARAMS.length(), line.length() - 1);
  }

  /**
   * After a truncation twice as much, or all that the job's cap and the model allow where not even
   * the answer had begun: how much more the thinking needs, nobody knows.
   */
  private int maxTokens(Request request, Job job) {
    boolean thinking = "truncated_thinking".equals(request.cause());
    if (!thinking && !"truncated".equals(request.cause())) {
      return request.maxTokens();
    }
    int limit =
        prices
            .model(Objects.requireNonNullElse(request.model(), ""))
            .map(Prices.Model::maxOutputTokens)
            .orElse(Integer.MAX_VALUE);
    int most = Math.min(limit, job.maxTokensCap());
    return thinking ? most : Math.min(2 * request.maxTokens(), most);
  }
}
