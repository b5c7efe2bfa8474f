package dev.caravan.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.AnthropicIoException;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.InternalServerException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.errors.PermissionDeniedException;
import com.anthropic.errors.RateLimitException;
import com.anthropic.errors.UnauthorizedException;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.batches.BatchCreateParams;
import com.anthropic.models.messages.batches.BatchListParams;
import com.anthropic.models.messages.batches.MessageBatch;
import com.anthropic.models.messages.batches.MessageBatchIndividualResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The official Java client is the judge of whether the simulator speaks as the API does. */
class OfficialClientTest {
  private final MovableClock clock = MovableClock.stoppedAt(Instant.parse("2026-11-20T23:00:00Z"));
  private Simulator simulator;
  private AnthropicClient client;

  @BeforeEach
  void start() throws IOException {
    simulator =
        Simulator.start(
            SimulatorOptions.defaults()
                .withClock(clock)
                .withWorkspaces(Map.of("good", "wrkspc_one", "other", "wrkspc_two")));
    client = client("good");
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    simulator.close();
  }

  @Test
  void createsRetrievesAndStreamsResults() {
    MessageBatch created = client.messages().batches().create(batch("a", "b", "c")).validate();

    assertThat(created.processingStatus()).isEqualTo(MessageBatch.ProcessingStatus.IN_PROGRESS);
    assertThat(created.requestCounts().processing()).isEqualTo(3);
    assertThat(created.expiresAt()).isEqualTo(created.createdAt().plusHours(24));

    clock.advance(Duration.ofMinutes(5));
    MessageBatch ended = client.messages().batches().retrieve(created.id()).validate();
    assertThat(ended.processingStatus()).isEqualTo(MessageBatch.ProcessingStatus.ENDED);
    assertThat(ended.requestCounts().succeeded()).isEqualTo(3);
    try (StreamResponse<MessageBatchIndividualResponse> results =
        client.messages().batches().resultsStreaming(created.id())) {
      List<MessageBatchIndividualResponse> lines =
          results.stream().map(MessageBatchIndividualResponse::validate).toList();
      assertThat(lines)
          .extracting(MessageBatchIndividualResponse::customId)
          .containsExactlyInAnyOrder("a", "b", "c");
      assertThat(lines)
          .allSatisfy(
              line ->
                  assertThat(line.result().asSucceeded().message().usage().inputTokens())
                      .isPositive());
    }
  }

  @Test
  void pagesThroughTheListNewestFirst() {
    List<String> ids =
        Stream.of("a", "b", "c", "d", "e")
            .map(
                name -> {
                  clock.advance(Duration.ofSeconds(1));
                  return client.messages().batches().create(batch(name)).id();
                })
            .toList();

    List<String> listed =
        client
            .messages()
            .batches()
            .list(BatchListParams.builder().limit(2).build())
            .autoPager()
            .stream()
            .map(MessageBatch::id)
            .toList();

    assertThat(listed).containsExactly(ids.get(4), ids.get(3), ids.get(2), ids.get(1), ids.get(0));
    assertThat(simulator.books().calls().get(Endpoint.LIST)).isGreaterThanOrEqualTo(3);
  }

  @Test
  void cancelsAndDeletes() {
    String id = client.messages().batches().create(batch("a", "b")).id();

    assertThatThrownBy(() -> client.messages().batches().delete(id))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("In progress batches cannot be deleted.");
    MessageBatch canceling = client.messages().batches().cancel(id).validate();
    assertThat(canceling.processingStatus()).isEqualTo(MessageBatch.ProcessingStatus.CANCELING);
    assertThat(canceling.cancelInitiatedAt()).isPresent();

    clock.advance(Duration.ofSeconds(30));
    assertThat(client.messages().batches().retrieve(id).requestCounts().canceled()).isEqualTo(2);
    assertThat(client.messages().batches().delete(id).validate().id()).isEqualTo(id);
    assertThatThrownBy(() -> client.messages().batches().retrieve(id))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void answersMessagesCountsTokensAndListsModels() {
    Message message =
        client
            .messages()
            .create(
                MessageCreateParams.builder()
                    .model("claude-opus-5-5")
                    .maxTokens(1000)
                    .addUserMessage("Hello there")
                    .build())
            .validate();
    assertThat(message.content().get(0).isThinking()).isTrue();
    assertThat(message.content().get(1).asText().text()).contains("Hello there");
    assertThat(message.usage().outputTokensDetails().orElseThrow().thinkingTokens()).isPositive();

    long tokens =
        client
            .messages()
            .countTokens(
                MessageCountTokensParams.builder()
                    .model("claude-opus-5-5")
                    .addUserMessage("Hello there")
                    .build())
            .validate()
            .inputTokens();
    assertThat(tokens).isEqualTo(message.usage().inputTokens());

    assertThat(client.models().list().autoPager().stream())
        .anySatisfy(model -> assertThat(model.id()).isEqualTo("claude-haiku-5-5"))
        .allSatisfy(model -> assertThat(model.maxTokens()).isPresent());
    assertThat(client.models().retrieve("claude-haiku-5-5").displayName())
        .isEqualTo("Claude Haiku 5.5");
  }

  @Test
  void mapsErrorsToTheClientsTypes() {
    assertThatThrownBy(() -> client("wrong").messages().batches().list())
        .isInstanceOf(UnauthorizedException.class)
        .hasMessageContaining("API key is invalid.");
    assertThatThrownBy(() -> client.messages().batches().create(batch("a", "a")))
        .isInstanceOf(BadRequestException.class);
    simulator.faults(
        Fault.refuse(Endpoint.CREATE, 403),
        Fault.spendCap(Endpoint.CREATE),
        Fault.refuse(Endpoint.CREATE, 529),
        new Fault.CutAfter(Endpoint.CREATE));
    assertThatThrownBy(() -> client.messages().batches().create(batch("a")))
        .isInstanceOf(PermissionDeniedException.class);
    assertThatThrownBy(() -> client.messages().batches().create(batch("a")))
        .isInstanceOfSatisfying(
            RateLimitException.class,
            e -> assertThat(e.errorCode()).contains("enforced_spend_limit_reached"));
    assertThatThrownBy(() -> client.messages().batches().create(batch("a")))
        .isInstanceOfSatisfying(
            InternalServerException.class, e -> assertThat(e.statusCode()).isEqualTo(529));
    assertThatThrownBy(() -> client.messages().batches().create(batch("a")))
        .isInstanceOf(AnthropicIoException.class);
  }

  @Test
  void keepsWorkspacesApart() {
    String id = client.messages().batches().create(batch("a")).id();

    AnthropicClient other = client("other");
    assertThat(other.messages().batches().list().items()).isEmpty();
    assertThatThrownBy(() -> other.messages().batches().retrieve(id))
        .isInstanceOfSatisfying(
            AnthropicServiceException.class,
            e -> {
              assertThat(e.statusCode()).isEqualTo(404);
              assertThat(e.workspaceId()).contains("wrkspc_two");
              assertThat(e.requestId()).isPresent();
            });
  }

  private AnthropicClient client(String key) {
    return AnthropicOkHttpClient.builder()
        .baseUrl(simulator.baseUrl())
        .apiKey(key)
        .maxRetries(0)
        .build();
  }

  private static BatchCreateParams batch(String... customIds) {
    BatchCreateParams.Builder batch = BatchCreateParams.builder();
    for (String customId : customIds) {
      batch.addRequest(
          BatchCreateParams.Request.builder()
              .customId(customId)
              .params(
                  BatchCreateParams.Request.Params.builder()
                      .model("claude-haiku-5-5")
                      .maxTokens(200)
                      .addUserMessage("Say hello to " + customId)
                      .build())
              .build());
    }
    return batch.build();
  }
}
