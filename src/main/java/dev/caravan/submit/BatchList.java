package dev.caravan.submit;

import dev.caravan.api.ApiResponse;
import dev.caravan.api.ApiUnreachable;
import dev.caravan.api.BatchesApi;
import dev.caravan.api.MessageBatches;
import dev.caravan.batch.MessageBatch;
import dev.caravan.batch.Reasons;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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

  /**
   * A look, when it was by the API's clock, and in which workspace; one that is not complete is not
   * to be made again for {@code retryAfter}.
   */
  record Look(
      boolean complete,
      List<MessageBatch> batches,
      Instant apiNow,
      @Nullable String workspaceId,
      Duration retryAfter) {

    /** What it says of a batch. */
    Optional<MessageBatch> of(String msgbatchId) {
      return batches.stream().filter(batch -> batch.id().equals(msgbatchId)).findFirst();
    }
  }

  /** Every batch created at or after {@code from}; none unless every page could be read. */
  Look since(Instant from) {
    List<MessageBatch> found = new ArrayList<>();
    String after = "";
    while (true) {
      Optional<ApiResponse> answer = page(after);
      Optional<MessageBatches.Page> page =
          answer.filter(ApiResponse::ok).flatMap(a -> MessageBatches.page(a.json()));
      Instant apiNow = answer.flatMap(ApiResponse::date).orElseGet(clock::instant);
      String workspace = answer.flatMap(ApiResponse::workspaceId).orElse(null);
      if (page.isEmpty()) {
        Duration wait = answer.flatMap(ApiResponse::retryAfter).orElse(Duration.ZERO);
        return new Look(false, List.of(), apiNow, workspace, wait);
      }
      List<MessageBatch> data = page.get().data();
      found.addAll(data);
      boolean passed = data.stream().anyMatch(b -> b.createdAt().isBefore(from));
      if (data.isEmpty() || passed || !page.get().hasMore()) {
        return new Look(true, List.copyOf(found), apiNow, workspace, Duration.ZERO);
      }
      after = "&after_id=" + data.get(data.size() - 1).id();
    }
  }

  private Optional<ApiResponse> page(String after) {
    try {
      ApiResponse answer = api.list("limit=" + PAGE + after);
      if (!answer.ok()) {
        LOG.warn("The list of batches could not be read: {}", answer.errorText());
      }
      return Optional.of(answer);
    } catch (ApiUnreachable e) {
      LOG.warn("The list of batches could not be read: {}", Reasons.of(e));
      return Optional.empty();
    }
  }
}
