package dev.caravan.spool;

import dev.caravan.batch.Nonce;
import dev.caravan.ledger.Batches;
import dev.caravan.ledger.Requests;
import dev.caravan.ledger.TakenOver;
import java.io.IOException;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.apache.camel.processor.aggregate.AggregateController;
import org.jspecify.annotations.Nullable;

/**
 * The Aggregator's strategy: request lines go straight into the spool file of the open batch, and
 * the group is that batch. A line that does not fit completes it first.
 */
public final class BatchAssembler implements AggregationStrategy {

  private final Spool spool;
  private final FreeSpace space;
  private final Batches batches;
  private final Requests requests;
  private final Nonce nonces;
  private final AggregateController controller;
  private final RandomGenerator random;

  public BatchAssembler(
      Spool spool,
      FreeSpace space,
      Batches batches,
      Requests requests,
      Nonce nonces,
      AggregateController controller,
      RandomGenerator random) {
    this.spool = spool;
    this.space = space;
    this.batches = batches;
    this.requests = requests;
    this.nonces = nonces;
    this.controller = controller;
    this.random = random;
  }

  @Override
  public boolean canPreComplete() {
    return true;
  }

  @Override
  public boolean preComplete(@Nullable Exchange batch, Exchange line) {
    return batch != null && !open(batch).fits(line.getMessage().getBody(RequestLine.class));
  }

  @Override
  public Exchange aggregate(@Nullable Exchange batch, Exchange next) {
    RequestLine line = next.getMessage().getBody(RequestLine.class);
    line.assembly().checkWhole();
    try {
      OpenBatch open = batch == null ? begin(line.assembly()) : open(batch);
      open.append(line);
      Exchange answer = batch == null ? next : batch;
      answer.getMessage().setBody(open);
      return answer;
    } catch (RuntimeException e) {
      line.assembly().failed(e);
      throw e;
    } catch (IOException e) {
      SpoolFailed failed =
          new SpoolFailed(
              "Cannot write to the spool folder " + spool.dir() + ": " + e.getMessage(), e);
      line.assembly().failed(failed);
      throw failed;
    }
  }

  private OpenBatch begin(Assembly assembly) throws IOException {
    space.check();
    String nonce = nonces.next();
    RequestFile file = new RequestFile(spool.requests(assembly.folder(), nonce));
    OpenBatch open = new OpenBatch(assembly, nonce, file, most(assembly.maxRequests()));
    assembly.opened(open);
    batches.open(nonce, assembly.run(), assembly.folder());
    return open;
  }

  /** A little less than the maximum, so that two installations at 23:00 do not look alike. */
  private int most(int max) {
    return max - random.nextInt(1 + Math.min(99, max / 10));
  }

  /** The Aggregator's only step: every line on disk, then told to the ledger, then ready. */
  public void ready(@Body OpenBatch open) throws IOException {
    try {
      write(open);
    } catch (IOException | RuntimeException e) {
      open.assembly().failed(e);
      throw e;
    }
  }

  private void write(OpenBatch open) throws IOException {
    open.file().sync();
    requests.open(open.assembly().run(), open.takeUntold());
    if (!batches.ready(open.nonce(), open.requests(), open.bodyBytes())) {
      throw new TakenOver("Batch " + open.nonce() + " was taken over while it was written");
    }
    open.assembly().ready(open);
  }

  /**
   * Opens a request in the ledger for every line written so far.
   *
   * @throws org.springframework.dao.DuplicateKeyException when one of the records has an open
   *     request by another run: this pass must begin again
   */
  public void open(@Variable("assembly") Assembly assembly) {
    for (OpenBatch batch : assembly.unready()) {
      requests.open(assembly.run(), batch.takeUntold());
    }
  }

  /**
   * Completes the open batch of an assembly.
   *
   * @throws RuntimeException when a batch did not get ready: errors inside the Aggregator's step do
   *     not reach the route by themselves
   */
  public void complete(@Variable("assembly") Assembly assembly) {
    controller.forceCompletionOfGroup(assembly.key());
    if (!assembly.complete()) {
      throw assembly.incomplete();
    }
  }

  /**
   * Drops the open batches of an assembly that broke off and gives their nonces; the ledger forgets
   * them with the run's pass.
   */
  public List<String> discard(Assembly assembly) {
    assembly.broken();
    controller.forceDiscardingOfGroup(assembly.key());
    List<OpenBatch> dropped = List.copyOf(assembly.unready());
    dropped.forEach(open -> drop(assembly, open));
    return dropped.stream().map(OpenBatch::nonce).toList();
  }

  private static void drop(Assembly assembly, OpenBatch open) {
    try {
      open.file().close();
    } catch (IOException e) {
      // the file is dropped anyway
    }
    Spool.delete(open.file().path());
    assembly.ready(open);
  }

  private static OpenBatch open(Exchange batch) {
    return batch.getMessage().getBody(OpenBatch.class);
  }
}
