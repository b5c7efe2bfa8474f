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
import dev.caravan.ledger.Batches;
import dev.caravan.ledger.Candidates;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
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

  public CandidateWatch(Batches batches, Candidates candidates, BatchesApi api) {
    this.batches = batches;
    this.candidates = candidates;
    this.api = api;
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
            e.getMessage());
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
    AtomicBoolean ours = new AtomicBoolean();
    ApiResponse results = api.results(id, body -> ours.set(names(body, batch)));
    if (results.status() != 200) {
      return false;
    }
    candidates.decide(batch.nonce(), id, ours.get());
    LOG.info("Candidate {} of batch {} is {}", id, batch.nonce(), ours.get() ? "ours" : "foreign");
    if (ours.get()) {
      batches.foundEnded(batch.nonce(), message.get(), answer.workspaceId().orElse(null));
    }
    return ours.get();
  }

  /** Whether a custom_id of these results carries the batch's nonce. */
  private static boolean names(InputStream results, Batch batch) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(results, StandardCharsets.UTF_8));
    String line;
    while ((line = lines.readLine()) != null) {
      Optional<CustomId> id = customId(line);
      if (id.filter(i -> i.nonce().equals(batch.nonce()) && i.job().equals(batch.job()))
          .isPresent()) {
        return true;
      }
    }
    return false;
  }

  private static Optional<CustomId> customId(String line) {
    try {
      return CustomId.parse(JSON.readTree(line).path("custom_id").asText());
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }
}
