package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.ledger.Nodes;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodesTextTest {
  private static final Instant START = Instant.parse("2026-11-20T20:00:00Z");

  private static Nodes.Node node(Nodes.Api api) {
    return new Nodes.Node("etl1:4711:0b6c", "service", START, START, api);
  }

  @Test
  void saysThatNothingRuns() {
    assertThat(NodesText.of(List.of())).contains("No service is running").contains("start");
  }

  @Test
  void namesAProcessAndNotAnApiThatAnswers() {
    assertThat(NodesText.of(List.of(node(new Nodes.Api("closed", START, "")))))
        .contains("service etl1:4711, since ")
        .doesNotContain("API");
  }

  @Test
  void saysSinceWhenTheApiFailsAndWhatTheLastCallMet() {
    assertThat(NodesText.of(List.of(node(new Nodes.Api("open", START, "HTTP 503")))))
        .contains("the API has failed since ", "HTTP 503");
  }
}
