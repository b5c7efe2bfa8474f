package dev.caravan.cli;

import dev.caravan.Application;
import dev.caravan.batch.Batch;
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
    if (!session.ledger().batches.cancelAsked(found.nonce(), drop ? "drop" : "person")) {
      throw new Refused(
          ExitCode.REFUSED,
          "Batch "
              + found.nonce()
              + " is "
              + found.state().text()
              + ", so there is nothing to cancel at the API. To send nothing more of its job:"
              + " ./caravan pause "
              + found.job());
    }
    session.ledger().actions.record("cancel", found.nonce(), drop ? "drop" : null);
    try (Application application = session.application(false)) {
      application
          .context()
          .createProducerTemplate()
          .sendBody("direct:look", List.of(found.nonce()));
    }
    out()
        .result(
            "Cancel of batch "
                + found.nonce()
                + " is asked for. When it has ended, what finished is"
                + " loaded and the rest "
                + (drop ? "rejected." : "waits for ./caravan resume " + found.job() + "."),
            Map.of("batch", found.nonce(), "drop", drop));
    return ExitCode.DONE;
  }
}
