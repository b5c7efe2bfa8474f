package dev.caravan.report;

import dev.caravan.batch.Batch;
import dev.caravan.batch.BatchState;
import dev.caravan.batch.Run;
import dev.caravan.batch.RunState;
import dev.caravan.ledger.Jobs.Pause;
import dev.caravan.ledger.Reports.Records;
import dev.caravan.ledger.Reports.Summary;
import dev.caravan.settings.Job;
import java.util.List;
import java.util.Optional;

/** What the ledger says of a run, before it is put into words. */
record Facts(
    Run run,
    Job job,
    Optional<Pause> pause,
    Summary requests,
    List<Batch> batches,
    ReportRows rows,
    List<String> notAddresses) {

  Records records() {
    return requests.records();
  }

  boolean ended() {
    return run.state() == RunState.ENDED;
  }

  boolean nothingToDo() {
    return run.state() != RunState.EXTRACTING && records().total() == 0;
  }

  boolean extractBroke() {
    return run.state() == RunState.EXTRACTING && run.error() != null;
  }

  /** Batches that are not over and need nobody. */
  long running() {
    return batches.stream().filter(b -> running(b) && b.state() != BatchState.HELD).count();
  }

  /** Batches that a person must decide on. */
  long held() {
    return batches.stream().filter(b -> b.state() == BatchState.HELD).count();
  }

  static boolean running(Batch batch) {
    return switch (batch.state()) {
      case COLLECTED, LOST, REFUSED -> false;
      default -> true;
    };
  }
}
