package dev.caravan.cli;

import dev.caravan.Application;
import dev.caravan.batch.Batch;
import dev.caravan.submit.Adoption;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** A person decides what became of a held batch. */
@Command(
    name = "adopt",
    description =
        "Decide a held batch: which Message Batch it is, or none (its records are sent again).")
final class AdoptCommand extends Verb {
  @Parameters(index = "0", paramLabel = "BATCH")
  String batch = "";

  @Parameters(index = "1", paramLabel = "MSGBATCH_ID|none")
  String msgbatchId = "";

  @Override
  ExitCode run(Session session) throws Exception {
    Batch found = BatchArgument.find(session.ledger().batches, batch);
    boolean paid = Adoption.isPaid(found);
    String refusal;
    try (Application application = session.application(false)) {
      refusal = application.bean("adoption", Adoption.class).decide(found, msgbatchId);
    }
    if (!refusal.isEmpty()) {
      throw new Refused(ExitCode.REFUSED, refusal + " Nothing was changed.");
    }
    session.ledger().actions.record("adopt", found.nonce(), msgbatchId);
    out().result(said(found, paid), Map.of("batch", found.nonce(), "msgbatch_id", msgbatchId));
    return ExitCode.DONE;
  }

  private String said(Batch found, boolean paid) {
    String batch = "Batch " + found.nonce();
    if (msgbatchId.equals("none")) {
      return paid
          ? batch
              + ": the answers of "
              + found.msgbatchId()
              + " are given up. They are lost, though paid; its records are sent again, and paid again."
          : batch + " counts as never accepted; its records are sent again.";
    }
    return msgbatchId.equals(found.msgbatchId())
        ? batch + " is " + msgbatchId + " and is polled like any other."
        : batch
            + ": "
            + msgbatchId
            + " is followed. When it has ended, the nonce in its results shows whether it is this"
            + " batch; until then nothing is taken from it, canceled, deleted or sent.";
  }
}
