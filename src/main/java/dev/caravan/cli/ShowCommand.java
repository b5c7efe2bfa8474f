package dev.caravan.cli;

import dev.caravan.batch.Batch;
import dev.caravan.batch.Request;
import dev.caravan.batch.Usd;
import dev.caravan.collect.KeptAnswers;
import dev.caravan.report.Words;
import dev.caravan.spool.LineGone;
import dev.caravan.spool.Spool;
import dev.caravan.spool.SpoolFile;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Everything that was sent and received for one record. */
@Command(name = "show", description = "Request, answer, outcome and cost of a record.")
final class ShowCommand extends Verb {
  @Parameters(index = "0", paramLabel = "JOB")
  String job = "";

  @Parameters(
      index = "1",
      paramLabel = "KEY",
      description = "As in record_key; several columns: a, b")
  String key = "";

  /** One request of the record; the lines are as in the spool, null where they are gone. */
  record Shown(
      String batch,
      @Nullable String msgbatchId,
      String customId,
      int attempt,
      String outcome,
      @Nullable String cause,
      @Nullable String detail,
      @Nullable String model,
      @Nullable String promptVersion,
      @Nullable Long thinkingTokens,
      @Nullable BigDecimal costUsd,
      @Nullable String unpriced,
      @Nullable String request,
      @Nullable String result) {}

  @Override
  public Integer call() throws Exception {
    return look();
  }

  @Override
  ExitCode run(Session session) {
    session.jobs().get(job);
    List<Request> history =
        session.history(job, key).stream()
            .sorted(java.util.Comparator.comparingInt(Request::submission))
            .toList();
    if (history.isEmpty()) {
      throw new Refused(
          ExitCode.REFUSED,
          "Job "
              + job
              + " has no record "
              + key
              + ". Keys are those of column record_key: select"
              + " record_key from caravan_record where job = '"
              + job
              + "'");
    }
    List<Shown> shown = history.stream().map(request -> shown(session, request)).toList();
    StringBuilder text = new StringBuilder();
    shown.forEach(s -> text.append(text(s)));
    Request newest = history.get(history.size() - 1);
    if ("rejected".equals(newest.outcome())) {
      text.append(hint(newest));
    }
    out().result(text.toString().stripTrailing(), shown);
    return ExitCode.DONE;
  }

  private String hint(Request newest) {
    String retry = "./caravan retry " + job + " --key " + Words.shell(key);
    return KeptAnswers.isKept(newest)
        ? "The answer is paid for and kept. To load it, at no cost: " + retry
        : "To read the record again and send it: " + retry;
  }

  private static Shown shown(Session session, Request request) {
    Batch batch = session.ledger().batches.get(request.nonce());
    Spool spool = new Spool(session.settings().spool().dir());
    return new Shown(
        request.nonce(),
        batch.msgbatchId(),
        request.customId(),
        request.attempt(),
        request.outcome() == null ? "open" : request.outcome(),
        request.cause(),
        request.detail(),
        request.model(),
        request.promptVersion(),
        request.thinkingTokens(),
        request.costUsd(),
        request.unpriced(),
        line(spool.requests(batch), request.spoolOffset(), request.spoolLength()),
        line(spool.results(batch), request.resultOffset(), request.resultLength()));
  }

  private static @Nullable String line(Path file, @Nullable Long offset, int length) {
    try {
      return offset == null ? null : new SpoolFile(file).line(offset, length);
    } catch (LineGone gone) {
      return null;
    }
  }

  private static String text(Shown s) {
    String outcome = s.outcome() + (s.cause() == null ? "" : " (" + s.cause() + ")");
    return "attempt "
        + s.attempt()
        + "  batch "
        + s.batch()
        + (s.msgbatchId() == null ? "" : " " + s.msgbatchId())
        + "  "
        + outcome
        + (s.model() == null ? "" : "  " + s.model())
        + (s.promptVersion() == null ? "" : "  prompt " + s.promptVersion())
        + (s.costUsd() == null ? "" : "  USD " + Usd.text(s.costUsd()))
        + (s.unpriced() == null ? "" : "  unpriced: " + s.unpriced())
        + (s.thinkingTokens() == null || s.thinkingTokens() == 0
            ? ""
            : "  " + s.thinkingTokens() + " tokens of thinking")
        + (s.detail() == null ? "" : "\n  " + s.detail())
        + "\n  request: "
        + (s.request() == null ? "not in the spool" : s.request())
        + "\n  result:  "
        + (s.result() == null ? "none" : s.result())
        + "\n\n";
  }
}
