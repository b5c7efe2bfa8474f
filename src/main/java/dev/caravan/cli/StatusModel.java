package dev.caravan.cli;

import dev.caravan.LedgerBeans;
import dev.caravan.batch.Batch;
import dev.caravan.batch.BatchState;
import dev.caravan.batch.Run;
import dev.caravan.ledger.Jobs;
import dev.caravan.ledger.Nodes;
import dev.caravan.ledger.Reports;
import dev.caravan.settings.JobCatalog;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The ledger as {@code status} shows it; the form of {@code status --json}. */
final class StatusModel {
  /** All jobs, mails that no server has taken yet, and the processes at work on the ledger. */
  record Status(List<JobStatus> jobs, int waitingMails, List<Nodes.Node> nodes) {}

  /** A job with its newest run, older ones that are not over, and every batch that is not. */
  record JobStatus(
      String job,
      @Nullable Instant pausedAt,
      @Nullable String pausedCause,
      @Nullable Instant missingRun,
      @Nullable RunStatus run,
      List<RunStatus> olderRuns,
      List<BatchStatus> batches) {
    /** Whether a person must look: paused, held, or a due run that did not happen. */
    boolean waits() {
      return pausedAt != null
          || missingRun != null
          || batches.stream().anyMatch(batch -> batch.state().equals("held"));
    }
  }

  /** A run and its records by state; rows as extract counted them. */
  record RunStatus(
      long id,
      Instant dueAt,
      String state,
      long rowsRead,
      long skippedOpen,
      long skippedDone,
      long records,
      long completed,
      long rejected,
      long open,
      long waiting,
      @Nullable String promptVersion,
      @Nullable String error) {}

  /** A batch that is not over. */
  record BatchStatus(
      String nonce,
      @Nullable String msgbatchId,
      String state,
      int requests,
      @Nullable Instant createdAt,
      @Nullable Instant expiresAt,
      @Nullable Instant nextLookAt,
      @Nullable Instant alertedAt,
      @Nullable String cause,
      @Nullable String detail,
      List<String> candidates) {}

  private final LedgerBeans ledger;
  private final JobCatalog catalog;
  private final MissingRuns missing;
  private final List<String> jobs;

  StatusModel(Session session) {
    this.ledger = session.ledger();
    this.catalog = session.jobs();
    this.missing =
        new MissingRuns(session.ledger(), session.settings().healthGrace(), Clock.systemUTC());
    this.jobs = session.jobs().names();
  }

  Status all() {
    return new Status(
        jobs.stream().map(this::of).toList(), ledger.mails.waiting(), ledger.nodes.live());
  }

  JobStatus of(String job) {
    Jobs.Pause pause = ledger.jobs.pause(job).orElse(null);
    Run newest = ledger.runs.newest(job).orElse(null);
    return new JobStatus(
        job,
        pause == null ? null : pause.since(),
        pause == null ? null : pause.cause(),
        missing.of(catalog.get(job)).orElse(null),
        newest == null ? null : run(newest),
        ledger.runs.unfinished().stream()
            .filter(run -> run.job().equals(job) && newest != null && run.id() != newest.id())
            .map(this::run)
            .toList(),
        open().filter(batch -> batch.job().equals(job)).map(this::batch).toList());
  }

  private RunStatus run(Run run) {
    Reports.Records records = ledger.reports.records(run.id());
    return new RunStatus(
        run.id(),
        run.dueAt(),
        run.state().text(),
        run.counts().read(),
        run.counts().skippedOpen(),
        run.counts().skippedDone(),
        records.total(),
        records.completed(),
        records.rejected(),
        records.open(),
        records.waiting(),
        run.promptVersion(),
        run.error());
  }

  private Stream<Batch> open() {
    return ledger
        .batches
        .in(
            BatchState.WRITING,
            BatchState.READY,
            BatchState.SUBMITTING,
            BatchState.IN_PROGRESS,
            BatchState.CANCELING,
            BatchState.ENDED,
            BatchState.DOUBT,
            BatchState.HELD,
            BatchState.LOST)
        .stream()
        .filter(b -> b.state() != BatchState.LOST || Objects.nonNull(b.nextLookAt()));
  }

  private BatchStatus batch(Batch batch) {
    return new BatchStatus(
        batch.nonce(),
        batch.msgbatchId(),
        batch.state().text(),
        batch.requests(),
        batch.createdAt(),
        batch.expiresAt(),
        batch.nextLookAt(),
        batch.alertedAt(),
        batch.cause(),
        batch.detail(),
        batch.msgbatchId() == null ? ledger.candidates.open(batch.nonce()) : List.of());
  }
}
