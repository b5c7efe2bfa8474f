package dev.caravan.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.Application;
import dev.caravan.LedgerBeans;
import dev.caravan.ledger.Nodes;
import dev.caravan.settings.PricesReader;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TestDatabase;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.io.TempDir;

/** The processes at work on a ledger, as status finds them. */
class NodesTest {
  @TempDir Path home;

  @EachDatabase
  void aProcessIsSeenWhileItLivesAndGoneWhenItHasEnded(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).start()) {
      Nodes nodes = night.fixture().ledger().nodes;
      await().until(() -> nodes.live().size() == 1);
      Nodes.Node node = nodes.live().get(0);
      assertThat(node.work()).isEqualTo("command");
      assertThat(node.name()).endsWith(":" + ProcessHandle.current().pid());
      assertThat(node.api().breaker()).isEqualTo("closed");
      night.fixture().stop();
      assertThat(night.count("caravan_node")).isZero();
    }
  }

  @EachDatabase
  void theLastStateOfTheBreakerIsKept(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).start()) {
      Nodes nodes = night.fixture().ledger().nodes;
      await().until(() -> nodes.live().size() == 1);
      Instant since = Instant.parse("2026-11-20T23:10:00Z");
      nodes.seen("command", new Nodes.Api("open", since, "HTTP 503"));
      assertThat(nodes.live().get(0).api()).isEqualTo(new Nodes.Api("open", since, "HTTP 503"));
    }
  }

  @EachDatabase
  void aProcessThatDiedIsNoLongerShown(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).start()) {
      Nodes nodes = night.fixture().ledger().nodes;
      await().until(() -> nodes.live().size() == 1);
      database.execute("update caravan_node set seen_at = timestamp '2020-01-01 00:00:00'");
      assertThat(nodes.live()).isEmpty();
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void aSecondNodeWithAnotherSpoolDoesNotStart(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).start()) {
      await().until(() -> night.fixture().ledger().nodes.live().size() == 1);
      night.set("spool.dir", home.resolve("elsewhere").toString());
      assertThatThrownBy(() -> night.fixture().start())
          .rootCause()
          .hasMessageContaining("elsewhere is not the folder that")
          .hasMessageContaining("shared file system");
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void aSecondNodeOnTheSameSpoolStarts(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).start()) {
      Nodes nodes = night.fixture().ledger().nodes;
      await().until(() -> nodes.live().size() == 1);
      try (LedgerBeans second = new LedgerBeans(night.fixture().readSettings());
          Application other =
              Application.start(
                  night.fixture().readSettings(),
                  night.fixture().jobs(),
                  PricesReader.read(home.resolve("config/prices.yaml")),
                  second,
                  Clock.systemUTC(),
                  false)) {
        await().until(() -> nodes.live().size() == 2);
        assertThat(other.context().isStarted()).isTrue();
      }
      assertThat(nodes.live()).hasSize(1);
    }
  }
}
