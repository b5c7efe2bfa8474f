package dev.caravan.cli;

import dev.caravan.LedgerBeans;
import dev.caravan.batch.Batch;
import dev.caravan.batch.BatchState;
import dev.caravan.batch.Run;
import dev.caravan.batch.RunState;
import java.util.Collection;

/** The exit code that the ledger's state deserves. */
final class Standing {
  private final LedgerBeans ledger;

  Standing(LedgerBeans ledger) {
    this.ledger = ledger;
  }

  /** Of one run and its job. */
  ExitCode of(Run run) {
    ExitCode code = ExitCode.DONE;
    if (ledger.jobs.pause(run.job()).isPresent() || held(ledger.batches.ofRun(run.id()))) {
      code = code.or(ExitCode.DECIDE);
    }
    Run now = ledger.runs.get(run.id());
    if (now.state() != RunState.ENDED) {
      code = code.or(now.error() == null ? ExitCode.UNFINISHED : ExitCode.BROKEN);
    }
    return ledger.runs.hasRejected(run.id()) ? code.or(ExitCode.REJECTED) : code;
  }

  /** Of several runs together. */
  ExitCode of(Collection<Run> runs) {
    return runs.stream().map(this::of).reduce(ExitCode.DONE, ExitCode::or);
  }

  private static boolean held(Collection<Batch> batches) {
    return batches.stream().anyMatch(batch -> batch.state() == BatchState.HELD);
  }
}
