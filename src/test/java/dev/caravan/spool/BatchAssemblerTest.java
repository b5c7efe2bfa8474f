package dev.caravan.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.batch.Claim;
import dev.caravan.batch.Nonce;
import dev.caravan.batch.RecordKey;
import dev.caravan.batch.Run;
import dev.caravan.ledger.Batches;
import dev.caravan.ledger.Ledger;
import dev.caravan.ledger.LedgerTables;
import dev.caravan.ledger.Requests;
import dev.caravan.ledger.Runs;
import dev.caravan.ledger.Vendor;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chunks side by side: one writes while the ledger is told of another one's lines. */
class BatchAssemblerTest {
  @TempDir Path dir;

  private final TestDatabase database = DatabaseVendor.H2.create();
  private final CountDownLatch told = new CountDownLatch(1);
  private Requests requests;
  private BatchAssembler assembler;
  private Assembly assembly;

  @BeforeEach
  void aRunBegins() {
    new LedgerTables(database.dataSource(), Vendor.H2, null).migrate();
    Ledger ledger = new Ledger(database.dataSource(), Vendor.H2, null);
    requests = new Requests(ledger);
    Run run =
        new Runs(ledger, "test").begin("invoices", Instant.EPOCH, null, false, false).orElseThrow();
    assembler =
        new BatchAssembler(
            new Spool(dir),
            new FreeSpace(dir, 0),
            new Batches(ledger, "test"),
            requests,
            new Nonce(new Random(1)),
            new Random(1));
    assembly = new Assembly(run, "2026-11-21/invoices", 1000, 1_000_000);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void whoWritesDoesNotWaitForWhoTellsTheLedger() {
    assembler.append(List.of(line(0)), assembly);
    CompletableFuture<Void> telling = telling();

    assembler.append(List.of(line(1)), assembly);

    assertThat(telling).isNotDone();
    told.countDown();
    telling.join();
    assembler.untold(assembly, lines -> assertThat(lines).hasSize(1));
  }

  @Test
  void aBatchGetsReadyOnlyWhenTheLedgerKnowsItsLines() {
    assembler.append(List.of(line(0), line(1)), assembly);
    CompletableFuture<Void> telling = telling();

    Thread completing = new Thread(() -> assembler.complete(assembly));
    completing.start();

    Awaitility.await()
        .until(() -> completing.getState() == Thread.State.BLOCKED || !completing.isAlive());
    assertThat(states()).containsExactly("writing");
    told.countDown();
    telling.join();
    Awaitility.await().until(() -> !completing.isAlive());
    assertThat(states()).containsExactly("ready");
    assertThat(database.count("select count(*) from caravan_request")).isEqualTo(2);
  }

  @Test
  void noBatchGetsReadyOfWhichTheLedgerCouldNotBeTold() {
    assembler.append(List.of(line(0)), assembly);
    IllegalStateException away = new IllegalStateException("the database is away");

    assertThatThrownBy(
            () ->
                assembler.untold(
                    assembly,
                    lines -> {
                      throw away;
                    }))
        .isSameAs(away);

    assertThatThrownBy(() -> assembler.complete(assembly)).isSameAs(away);
    assertThat(states()).containsExactly("writing");
  }

  /** Another chunk that tells the ledger of what there is, and is held up in the middle of it. */
  private CompletableFuture<Void> telling() {
    CountDownLatch began = new CountDownLatch(1);
    CompletableFuture<Void> telling =
        CompletableFuture.runAsync(
            () ->
                assembler.untold(
                    assembly,
                    lines -> {
                      began.countDown();
                      await(told);
                      requests.open(assembly.run(), lines);
                    }));
    await(began);
    return telling;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<Object> states() {
    return database.query("select state from caravan_batch").stream()
        .map(row -> row.values().iterator().next())
        .toList();
  }

  private static RequestLine line(int n) {
    RecordKey key = RecordKey.of(List.of("id"), Map.of("id", n)).orElseThrow();
    Claim claim = new Claim(key, Map.of(), "", "{}", n, 1, 1, null);
    return new RequestLine(claim, "model", 256, "", List.of("{}".getBytes(StandardCharsets.UTF_8)));
  }
}
