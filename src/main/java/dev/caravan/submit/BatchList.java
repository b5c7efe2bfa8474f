package dev.caravan.submit;

import dev.caravan.api.ApiResponse;
import dev.caravan.api.ApiUnreachable;
import dev.caravan.api.BatchesApi;
import dev.caravan.api.MessageBatches;
import dev.caravan.batch.MessageBatch;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The API's list of batches back to a moment. A look counts only if every page of it was read. */
public final class BatchList {
  private static final Logger LOG = LoggerFactory.getLogger(BatchList.class);
  private static final int PAGE = 100;

  private final BatchesApi api;
  private final Clock clock;

  public BatchList(BatchesApi api, Clock clock) {
    this.api = api;
    this.clock = clock;
  }

  /** A complete look, and when it was by the API's clock. */
  record Look(List<MessageBatch> batches, Instant apiNow) {}

  /** Every batch created at or after {@code from}; empty when a page could not be read. */
  Optional<Look> since(Instant from) {
    List<MessageBatch> found = new ArrayList<>();
    String after = "";
    while (true) {
      Optional<ApiResponse> answer = page(after);
      Optional<MessageBatches.Page> page = answer.flatMap(a -> MessageBatches.page(a.json()));
      if (page.isEmpty()) {
        return Optional.empty();
      }
      List<MessageBatch> data = page.get().data();
      found.addAll(data);
      boolean passed = data.stream().anyMatch(b -> b.createdAt().isBefore(from));
      if (data.isEmpty() || passed || !page.get().hasMore()) {
        return Optional.of(
            new Look(
                List.copyOf(found), answer.flatMap(ApiResponse::date).orElse(clock.instant())));
      }
      after = "&after_id=" + data.get(data.size() - 1).id();
    }
  }

  private Optional<ApiResponse> page(String after) {
    try {
      ApiResponse answer = api.list("limit=" + PAGE + after);
      if (answer.ok()) {
        return Optional.of(answer);
      }
      LOG.warn("The list of batches could not be read: {}", answer.errorText());
    } catch (ApiUnreachable e) {
      LOG.warn("The list of batches could not be read: {}", e.getMessage());
    }
    return Optional.empty();
  }
}
