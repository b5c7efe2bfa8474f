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
import dev.caravan.ledger.Candidates.Candidate;
import dev.caravan.spool.Spool;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DuplicateKeyException;

/**
 * Follows candidates until they have ended; then the nonce in their results decides, and nothing of
 * a foreign batch is kept.
 */
public final class CandidateWatch {
  private static final Logger LOG = LoggerFactory.getLogger(CandidateWatch.class);
  private static final Duration MISSING_GRACE = Duration.ofMinutes(10);
  private static final int MISSING_LOOKS = 3;
  private static final int MOST_NONCES = 100;
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

  /**
   * Looks at the open candidates of a batch, but at those which the list shows running; true when
   * one proved to be the batch itself.
   */
  boolean foundOurs(Batch batch, BatchList.Look look) {
    for (Candidate candidate : candidates.due(batch.nonce(), clock.instant())) {
      Optional<MessageBatch> listed = look.of(candidate.msgbatchId());
      try {
        boolean running = listed.isPresent() && !listed.get().ended();
        if (!running && decided(batch, candidate, listed.isPresent())) {
          return true;
        }
      } catch (ApiUnreachable e) {
        LOG.warn(
            "Candidate {} of batch {} could not be looked at: {}",
            candidate.msgbatchId(),
            batch.nonce(),
            Reasons.of(e));
      }
    }
    return false;
  }

  private boolean decided(Batch batch, Candidate candidate, boolean listed) throws ApiUnreachable {
    String id = candidate.msgbatchId();
    ApiResponse answer = api.retrieve(id);
    Optional<MessageBatch> message =
        answer.ok() ? MessageBatches.of(answer.json()) : Optional.empty();
    boolean missing = answer.status() == 404 && answer.requestId().isPresent() && !listed;
    if (missing) {
      missing(batch, candidate, answer);
    } else if (message.isPresent() && candidate.missingSince() != null) {
      candidates.missing(batch.nonce(), id, null, 0);
    }
    later(id, answer);
    return message.isPresent()
        && message.get().ended()
        && decided(batch, message.get(), answer.workspaceId().orElse(null));
  }

  private boolean decided(Batch batch, MessageBatch message, @Nullable String workspace)
      throws ApiUnreachable {
    String id = message.id();
    AtomicReference<Names> read = new AtomicReference<>(Names.NONE);
    ApiResponse results = api.results(id, body -> read.set(names(body, batch)));
    later(id, results);
    Names names = Objects.requireNonNull(read.get());
    if (results.status() != 200 || !names.any()) {
      return false;
    }
    boolean ours = names.nonces().contains(batch.nonce());
    if (ours) {
      // before the candidate is closed: a crash between the two must find it open
      foundEnded(batch, message, workspace);
    }
    candidates.decide(batch.nonce(), id, ours);
    // one reading decides for all that follow it, a hundred lost nonces perhaps
    candidates.excludeForOthers(id, names.nonces());
    LOG.info("Candidate {} of batch {} is {}", id, batch.nonce(), ours ? "ours" : "foreign");
    return ours;
  }

  /** Its results name this nonce: another one that has its id, by a person's word, is wrong. */
  private void foundEnded(Batch batch, MessageBatch message, @Nullable String workspace) {
    try {
      batches.foundEnded(batch.nonce(), message, workspace);
    } catch (DuplicateKeyException taken) {
      batches
          .byMessageBatch(message.id())
          .ifPresent(
              other -> {
                String why = message.id() + " is batch " + batch.nonce() + ", as its results show";
                batches.held().notOurs(other.nonce(), why);
                LOG.warn("Batch {} of job {}: {}", other.nonce(), other.job(), why);
              });
      batches.foundEnded(batch.nonce(), message, workspace);
    }
  }

  /** Not known for good, where the list once showed it: deleted, so nobody will learn more. */
  private void missing(Batch batch, Candidate candidate, ApiResponse answer) {
    String where = candidate.workspaceId();
    boolean sameWorkspace = where == null || answer.workspaceId().filter(where::equals).isPresent();
    if (!candidate.listed() || !sameWorkspace) {
      return;
    }
    String id = candidate.msgbatchId();
    Instant now = clock.instant();
    Instant since = candidate.missingSince() == null ? now : candidate.missingSince();
    int looks = candidate.missingLooks() + 1;
    if (looks >= MISSING_LOOKS && !now.isBefore(since.plus(MISSING_GRACE))) {
      candidates.decide(batch.nonce(), id, false);
      LOG.warn("Candidate {} of batch {} is gone: {}", id, batch.nonce(), answer.errorText());
    } else {
      candidates.missing(batch.nonce(), id, since, looks);
    }
  }

  private void later(String id, ApiResponse answer) {
    if (!answer.ok()) {
      answer.retryAfter().ifPresent(w -> candidates.lookLater(id, clock.instant().plus(w)));
    }
  }

  /** Which nonces the custom_ids of results name; {@code any}: at least one line has an id. */
  private record Names(boolean any, Set<String> nonces) {
    static final Names NONE = new Names(false, Set.of());
  }

  private static Names names(InputStream results, Batch batch) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(results, StandardCharsets.UTF_8));
    boolean any = false;
    Set<String> nonces = new HashSet<>();
    String line;
    while ((line = lines.readLine()) != null) {
      String id = customId(line);
      any |= !id.isEmpty();
      Optional<CustomId> parsed = CustomId.parse(id);
      if (parsed.isPresent() && nonces.size() < MOST_NONCES) {
        boolean otherJob = !parsed.get().job().equals(batch.job());
        boolean ours = parsed.get().nonce().equals(batch.nonce());
        if (ours && !otherJob) {
          return new Names(true, Set.of(batch.nonce()));
        }
        nonces.add(ours ? "" : parsed.get().nonce());
      }
    }
    return new Names(any, nonces);
  }

  private static String customId(String line) {
    try {
      return JSON.readTree(line).path("custom_id").asText("");
    } catch (JsonProcessingException e) {
      return "";
    }
  }
}
