package dev.caravan.cli;

import dev.caravan.settings.Units;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;

/** The status as people read it. */
final class StatusText {
  private final StatusModel model;
  private final Duration cancelAt;
  private final Clock clock = Clock.systemUTC();

  StatusText(Session session) {
    this.model = new StatusModel(session);
    this.cancelAt = session.settings().deadline().cancel();
  }

  String all() {
    StatusModel.Status status = model.all();
    StringBuilder text = new StringBuilder();
    status.jobs().forEach(job -> text.append(of(job)));
    if (status.waitingMails() > 0) {
      int mails = status.waitingMails();
      text.append(mails)
          .append(mails == 1 ? " mail waits" : " mails wait")
          .append(" for the mail server; sent when it answers.\n");
    }
    if (text.isEmpty()) {
      text.append("No jobs in config/jobs.\n");
    }
    return text.append(NodesText.of(status.nodes())).toString().stripTrailing();
  }

  String of(String job) {
    return of(model.of(job)).stripTrailing();
  }

  private String of(StatusModel.JobStatus job) {
    StringBuilder text = new StringBuilder(job.job());
    if (job.pausedAt() != null) {
      text.append("  PAUSED since ").append(Times.time(job.pausedAt())).append(": ");
      text.append(job.pausedCause()).append("\n  go on with ./caravan resume ").append(job.job());
    }
    text.append('\n');
    if (job.missingRun() != null) {
      text.append("  MISSING: the run due ").append(Times.time(job.missingRun()));
      text.append(" did not happen; run it now with ./caravan night ").append(job.job());
      text.append('\n');
    }
    StatusModel.RunStatus run = job.run();
    text.append(run == null ? "  no run yet\n" : run(run));
    job.olderRuns().forEach(older -> text.append(run(older)));
    job.batches().forEach(batch -> text.append(batch(batch)));
    return text.append('\n').toString();
  }

  private static String run(StatusModel.RunStatus run) {
    String line =
        String.format(
            Locale.ROOT,
            "  run %d due %s  %s: %,d read, %,d skipped, %,d records: %,d completed, %,d rejected,"
                + " %,d open, %,d wait to be sent again%n",
            run.id(),
            Times.time(run.dueAt()),
            run.state(),
            run.rowsRead(),
            run.skippedOpen() + run.skippedDone(),
            run.records(),
            run.completed(),
            run.rejected(),
            run.open(),
            run.waiting());
    String prompt =
        run.promptVersion() == null ? "" : "    prompt version " + run.promptVersion() + "\n";
    return line + prompt + (run.error() == null ? "" : "    " + run.error() + "\n");
  }

  private String batch(StatusModel.BatchStatus batch) {
    StringBuilder line =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "  batch %s %s  %s, %,d requests",
                batch.nonce(),
                batch.msgbatchId() == null ? "" : batch.msgbatchId(),
                batch.state(),
                batch.requests()));
    if (batch.createdAt() != null) {
      Duration age = Duration.between(batch.createdAt(), clock.instant());
      line.append(", ").append(Units.words(age)).append(" old");
      line.append(", expires ").append(Times.time(batch.expiresAt()));
    }
    if (batch.nextLookAt() != null) {
      line.append(", next look ").append(Times.time(batch.nextLookAt()));
    }
    if (batch.cause() != null || batch.detail() != null) {
      line.append("\n    ").append(batch.cause() == null ? "" : batch.cause() + ": ");
      line.append(batch.detail() == null ? "" : batch.detail());
    }
    if (!batch.candidates().isEmpty()) {
      line.append("\n    may be ").append(String.join(" or ", batch.candidates()));
    }
    line.append(late(batch));
    line.append(held(batch));
    return line.append('\n').toString();
  }

  private String late(StatusModel.BatchStatus batch) {
    if (batch.alertedAt() == null || batch.createdAt() == null) {
      return "";
    }
    return "\n    LATE, alerted "
        + Times.time(batch.alertedAt())
        + (batch.state().equals("canceling")
            ? "; it is being canceled"
            : "; at " + Times.time(batch.createdAt().plus(cancelAt)) + " it is canceled")
        + ", what finished is loaded, the rest is sent again";
  }

  private static String held(StatusModel.BatchStatus batch) {
    String adopt = "./caravan adopt " + batch.nonce();
    return batch.state().equals("held")
        ? "\n    decide: "
            + adopt
            + " MSGBATCH_ID  (this Message Batch is it)\n    or:     "
            + adopt
            + " none  (there is none: its records are sent again)"
        : "";
  }
}
