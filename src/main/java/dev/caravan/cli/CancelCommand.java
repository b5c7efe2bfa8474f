package dev.caravan.cli;

import dev.caravan.Application;
import dev.caravan.batch.Batch;
import dev.caravan.batch.BatchState;
import dev.caravan.submit.Adoption;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Cancels a running batch; what finished is loaded, the rest waits for resume or is dropped. */
@Command(
    name = "cancel",
    description = "Cancel a running batch; finished answers are still loaded.")
final class CancelCommand extends Verb {
  @Parameters(paramLabel = "BATCH")
  String batch = "";

  @Option(
      names = "--drop",
      description = "Reject what was not processed, instead of sending it again.")
  boolean drop;

  @Override
  ExitCode run(Session session) throws Exception {
    Batch found = BatchArgument.find(session.ledger().batches, batch);
    if (drop && Adoption.isPaid(found)) {
      return giveUp(session, found);
    }
    if (!session.ledger().batches.cancelAsked(found.nonce(), drop ? "drop" : "person")) {
      throw new Refused(
          ExitCode.REFUSED,
          "Batch "
              + found.nonce()
              + " is "
              + found.state().text()
              + ": "
              + whyNot(found)
              + " Nothing was changed.");
    }
    session.ledger().actions.record("cancel", found.nonce(), drop ? "drop" : null);
    try (Application application = session.application(false)) {
      application
          .context()
          .createProducerTemplate()
          .sendBody("direct:look", List.of(found.nonce()));
    }
    BatchState now = session.ledger().batches.get(found.nonce()).state();
    out()
        .result(
            done(found, now == BatchState.ENDED && found.state() == BatchState.IN_PROGRESS),
            Map.of("batch", found.nonce(), "drop", drop, "state", now.text()));
    return ExitCode.DONE;
  }

  /** It has ended, and nobody can have its answers. */
  private ExitCode giveUp(Session session, Batch found) throws Exception {
    String refusal;
    try (Application application = session.application(false)) {
      refusal = application.bean("adoption", Adoption.class).giveUp(found, true);
    }
    if (!refusal.isEmpty()) {
      throw new Refused(ExitCode.REFUSED, refusal + " Nothing was changed.");
    }
    session.ledger().actions.record("cancel", found.nonce(), "drop");
    out()
        .result(
            "Batch "
                + found.nonce()
                + ": the answers of "
                + found.msgbatchId()
                + " are given up. They are lost, though paid; its records are rejected.",
            Map.of("batch", found.nonce(), "drop", true, "state", "collected"));
    return ExitCode.DONE;
  }

  private String done(Batch batch, boolean tooLate) {
    String collect = " ./caravan start collects it, or now ./caravan collect " + batch.job() + ".";
    if (tooLate) {
      return "Batch "
          + batch.nonce()
          + " had ended before it could be canceled: all that it answered is loaded."
          + collect;
    }
    return "Cancellation of batch "
        + batch.nonce()
        + " requested. When it has ended, what finished is loaded and the rest "
        + (drop ? "rejected." : "waits for ./caravan resume " + batch.job() + ".")
        + collect;
  }

  private static String whyNot(Batch batch) {
    String pause = " To send nothing more of its job: ./caravan pause " + batch.job() + ".";
    return switch (batch.state()) {
      case WRITING, READY ->
          "it was not posted yet, so there is nothing to cancel at the API." + pause;
      case SUBMITTING, DOUBT ->
          "whether the API has it is not known yet; ./caravan status shows when it can be canceled."
              + pause;
      case HELD ->
          "a person must say first which Message Batch it is: ./caravan adopt "
              + batch.nonce()
              + " MSGBATCH_ID, or none.";
      case ENDED ->
          "it has ended at the API, and its answers are loaded. When they can't be had for good:"
              + " ./caravan adopt "
              + batch.nonce()
              + " none, or cancel --drop."
              + pause;
      default -> "it is over, so there is nothing to cancel.";
    };
  }
}
