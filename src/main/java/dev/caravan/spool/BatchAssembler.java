package dev.caravan.spool;

import dev.caravan.batch.Nonce;
import dev.caravan.batch.Reasons;
import dev.caravan.batch.Written;
import dev.caravan.ledger.Batches;
import dev.caravan.ledger.Requests;
import dev.caravan.ledger.TakenOver;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.apache.camel.Body;
import org.apache.camel.Variable;

/**
 * The Aggregator of the night: request lines go straight into the spool file of the open batch; a
 * line that does not fit gets that batch ready first. One thread at a time writes, and one at a
 * time tells the ledger, which others need not wait for to write on.
 */
public final class BatchAssembler {
  private final Spool spool;
  private final FreeSpace space;
  private final Batches batches;
  private final Requests requests;
  private final Nonce nonces;
  private final RandomGenerator random;

  public BatchAssembler(
      Spool spool,
      FreeSpace space,
      Batches batches,
      Requests requests,
      Nonce nonces,
      RandomGenerator random) {
    this.spool = spool;
    this.space = space;
    this.batches = batches;
    this.requests = requests;
    this.nonces = nonces;
    this.random = random;
  }

  private interface Work {
    void on(Assembly assembly) throws IOException;
  }

  /** One thread at a time, and none after one that failed. */
  private void locked(Object turn, Assembly assembly, Work work) {
    synchronized (turn) {
      assembly.checkOpen();
      try {
        work.on(assembly);
      } catch (IOException e) {
        SpoolFailed failed =
            new SpoolFailed(
                "Cannot write to the spool folder " + spool.dir() + ": " + Reasons.of(e), e);
        assembly.close(failed);
        throw failed;
      } catch (RuntimeException e) {
        assembly.close(e);
        throw e;
      }
    }
  }

  /**
   * Appends lines to the open batch and its successors.
   *
   * @throws SpoolFailed when they can't be written: not the records' fault
   */
  public void append(@Body List<RequestLine> lines, @Variable("assembly") Assembly assembly) {
    locked(
        assembly,
        assembly,
        open -> {
          for (RequestLine line : lines) {
            append(line, open);
          }
        });
  }

  private void append(RequestLine line, Assembly assembly) throws IOException {
    OpenBatch open = assembly.open();
    if (open == null) {
      begin(assembly).append(line);
    } else if (!open.append(line)) {
      ready(open);
      begin(assembly).append(line);
    }
  }

  private OpenBatch begin(Assembly assembly) throws IOException {
    space.check();
    String nonce = nonces.next();
    RequestFile file = new RequestFile(spool.requests(assembly.folder(), nonce));
    OpenBatch open = new OpenBatch(assembly, nonce, file, most(assembly.maxRequests()));
    assembly.open(open);
    batches.open(nonce, assembly.run(), assembly.folder(), assembly.before());
    return open;
  }

  /** A little less than the maximum, so that two installations at 23:00 do not look alike. */
  private int most(int max) {
    return max - random.nextInt(1 + Math.min(99, max / 10));
  }

  /**
   * Opens a request in the ledger for every line written so far.
   *
   * @throws org.springframework.dao.DuplicateKeyException when one of the records has an open
   *     request by another run: this pass must begin again
   */
  public void open(@Variable("assembly") Assembly assembly) {
    untold(assembly, lines -> requests.open(assembly.run(), lines));
  }

  /** Gives the lines that the ledger does not know yet, none or more, to who tells it of them. */
  public void untold(Assembly assembly, Consumer<List<Written>> ledger) {
    // until it is told: what others took is known then, and no batch gets ready meanwhile
    locked(
        assembly.telling(),
        assembly,
        whole -> {
          OpenBatch open = whole.open();
          ledger.accept(open == null ? List.of() : open.takeUntold());
        });
  }

  /** The last batch gets ready, too. */
  public void complete(@Variable("assembly") Assembly assembly) {
    locked(
        assembly,
        assembly,
        whole -> {
          OpenBatch open = whole.open();
          if (open != null) {
            ready(open);
          }
        });
  }

  /** Every line on disk, then told to the ledger, then ready. */
  private void ready(OpenBatch open) throws IOException {
    Assembly assembly = open.assembly();
    synchronized (assembly.telling()) {
      assembly.checkOpen();
      open.seal();
      requests.open(assembly.run(), open.takeUntold());
      if (!batches.ready(open.nonce(), open.requests(), open.bodyBytes())) {
        throw new TakenOver("Batch " + open.nonce() + " was taken over while it was written");
      }
      assembly.open(null);
    }
  }

  /**
   * Drops the open batch of an assembly that broke off and gives its nonce; the ledger forgets it
   * with the run's pass. What is under way for it fails with the same fault.
   */
  public Optional<String> discard(Assembly assembly, Throwable why) {
    assembly.close(why);
    synchronized (assembly) {
      synchronized (assembly.telling()) {
        OpenBatch open = assembly.open();
        if (open == null) {
          return Optional.empty();
        }
        open.drop();
        assembly.open(null);
        return Optional.of(open.nonce());
      }
    }
  }
}
