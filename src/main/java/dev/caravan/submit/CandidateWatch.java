package dev.caravan.submit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.api.ApiResponse;
import dev.caravan.api.ApiUnreachable;
import dev.caravan.api.BatchesApi;
import dev.caravan.api.MessageBatches;
import dev.caravan.batch.Batch;
import dev.caravan.batch.CustomId;
import dev.caravan.batch.MessageBatch;
import dev.caravan.batch.Reasons;
import dev.caravan.ledger.Batches;
import dev.caravan.ledger.Candidates;
import dev.caravan.spool.Spool;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows candidates until they have ended; then the nonce in their results decides, and nothing of
 * a foreign batch is kept.
 */
public final class CandidateWatch {
  private static final Logger LOG = LoggerFactory.getLogger(CandidateWatch.class);

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Batches batches;
  private final Candidates candidates;
  private final BatchesApi api;
  private final Spool spool;
  private final Clock clock;

  public CandidateWatch(
      Batches batches, Candidates candidates, BatchesApi api, Spool spool, Clock clock) {
    this.batches = batches;
    this.candidates = candidates;
    this.api = api;
    this.spool = spool;
    this.clock = clock;
  }

  /**
   * The id that a dying process wrote to disk but not to the ledger: true when the API knows it.
   * Until then it is an open candidate, so that nothing else is posted.
   */
  boolean foundById(Batch batch) {
    String id = spool.acceptedId(batch).orElse("");
    if (id.isEmpty()) {
      return false;
    }
    try {
      ApiResponse answer = api.retrieve(id);
      Optional<MessageBatch> message =
          answer.ok() ? MessageBatches.of(answer.json()) : Optional.empty();
      if (message.isPresent()) {
        return batches.accepted(
            batch.nonce(), message.get(), answer.workspaceId().orElse(null), clock.instant());
      }
    } catch (ApiUnreachable e) {
      LOG.warn("Batch {} ({}) could not be looked at: {}", batch.nonce(), id, Reasons.of(e));
    }
    candidates.follow(batch.nonce(), id, clock.instant());
    return false;
  }

  /** Looks at every open candidate of a batch; true when one proved to be the batch itself. */
  boolean foundOurs(Batch batch) {
    for (String id : candidates.open(batch.nonce())) {
      try {
        if (decided(batch, id)) {
          return true;
        }
      } catch (ApiUnreachable e) {
        LOG.warn(
            "Candidate {} of batch {} could not be looked at: {}",
            id,
            batch.nonce(),
            Reasons.of(e));
      }
    }
    return false;
  }

  private boolean decided(Batch batch, String id) throws ApiUnreachable {
    ApiResponse answer = api.retrieve(id);
    Optional<MessageBatch> message =
        answer.ok() ? MessageBatches.of(answer.json()) : Optional.empty();
    if (message.isEmpty() || !message.get().ended()) {
      return false;
    }
    AtomicReference<Verdict> verdict = new AtomicReference<>(Verdict.UNKNOWN);
    ApiResponse results = api.results(id, body -> verdict.set(verdict(body, batch)));
    if (results.status() != 200 || verdict.get() == Verdict.UNKNOWN) {
      return false;
    }
    boolean ours = verdict.get() == Verdict.OURS;
    if (ours) {
      // before the candidate is closed: a crash between the two must find it open
      batches.foundEnded(batch.nonce(), message.get(), answer.workspaceId().orElse(null));
    }
    candidates.decide(batch.nonce(), id, ours);
    LOG.info("Candidate {} of batch {} is {}", id, batch.nonce(), ours ? "ours" : "foreign");
    return ours;
  }

  private enum Verdict {
    OURS,
    FOREIGN,
    UNKNOWN
  }

  /** Whose results these are; unknown while no line of them has a custom_id. */
  private static Verdict verdict(InputStream results, Batch batch) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(results, StandardCharsets.UTF_8));
    Verdict verdict = Verdict.UNKNOWN;
    String line;
    while ((line = lines.readLine()) != null) {
      String id = customId(line);
      if (CustomId.parse(id)
          .filter(i -> i.nonce().equals(batch.nonce()) && i.job().equals(batch.job()))
          .isPresent()) {
        return Verdict.OURS;
      }
      verdict = id.isEmpty() ? verdict : Verdict.FOREIGN;
    }
    return verdict;
  }

  private static String customId(String line) {
    try {
      return JSON.readTree(line).path("custom_id").asText("");
    } catch (JsonProcessingException e) {
      return "";
    }
  }
}
