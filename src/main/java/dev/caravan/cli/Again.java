package dev.caravan.cli;

import dev.caravan.batch.Request;
import dev.caravan.batch.Run;
import dev.caravan.batch.RunState;
import dev.caravan.batch.Usd;
import dev.caravan.extract.AgainCount;
import dev.caravan.report.Words;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The wish to send finished records of a job again: which ones, and what it says of them. */
final class Again {
  private final Session session;
  private final String job;
  private final @Nullable String key;
  private final @Nullable Integer limit;
  private final @Nullable Set<String> only;

  /**
   * Of all records, or the one with this key.
   *
   * @throws Refused when there is nothing to be sent again, or an earlier run is still being read
   */
  Again(Session session, String job, @Nullable String key, @Nullable Integer limit) {
    this.session = session;
    this.job = job;
    this.key = key;
    this.limit = limit;
    this.only = key == null ? null : Set.of(finished(key).keyHash());
    Optional<Run> reading =
        session.ledger().runs.unfinished().stream()
            .filter(run -> run.job().equals(job) && run.state() == RunState.EXTRACTING)
            .findFirst();
    if (reading.isPresent()) {
      throw refused(
          "The source of run "
              + reading.get().id()
              + " is not read to its end. First: ./caravan night "
              + job);
    }
  }

  private Request finished(String record) {
    Request newest =
        session.history(job, record).stream()
            .max(Comparator.comparingInt(Request::submission))
            .orElseThrow(() -> refused("Job " + job + " has never sent a record " + record + "."));
    if (newest.outcome() == null || newest.outcome().equals("retry")) {
      throw refused("Record " + record + " is still under way.");
    }
    return newest;
  }

  private static Refused refused(String why) {
    return new Refused(ExitCode.REFUSED, why + " Nothing was sent.");
  }

  /** The records by key hash; null for all. */
  @Nullable Set<String> only() {
    return only;
  }

  /**
   * What a person must know before.
   *
   * @throws Refused when the source gives none of them
   */
  String text(AgainCount count) {
    if (count.again() == 0) {
      throw refused(none(count));
    }
    StringBuilder text = new StringBuilder();
    text.append(Words.count(count.again(), "finished record")).append(" of job ").append(job);
    text.append(" (").append(count.completed()).append(" completed, ").append(count.rejected());
    text.append(" rejected) will be sent and paid for again; last time: ").append(cost(count));
    text.append('.');
    if (count.fresh() > 0) {
      text.append("\nBeside them ").append(Words.count(count.fresh(), "record"));
      text.append(" that was never sent.");
    }
    if (count.open() > 0) {
      text.append('\n').append(Words.count(count.open(), "record"));
      text.append(" still under way, not sent again.");
    }
    kept(text, count);
    if (limit == null && key == null) {
      long missing = session.ledger().requests.finished(job) - count.given();
      if (missing > 0) {
        text.append('\n').append(Words.count(missing, "finished record"));
        text.append(" not given by extract.sql, not sent. ").append(HOW);
      }
    }
    return text.toString();
  }

  private static final String HOW =
      "To send them, too, set their rows back so that extract.sql gives them.";

  private String none(AgainCount count) {
    StringBuilder text = new StringBuilder();
    if (count.kept() > 0) {
      kept(text, count);
      return text.toString().strip();
    }
    if (key != null) {
      return "extract.sql does not give record " + key + ". " + HOW;
    }
    long finished = session.ledger().requests.finished(job);
    return finished == 0
        ? "Job " + job + " has no finished record."
        : "extract.sql gives none of the "
            + Words.count(finished, "finished record")
            + " of job "
            + job
            + ", as it leaves out what is answered. "
            + HOW;
  }

  private void kept(StringBuilder text, AgainCount count) {
    if (count.kept() > 0) {
      text.append('\n').append(Words.count(count.kept(), "record"));
      text.append(" with an answer that is paid for and kept, not sent: ./caravan retry ");
      text.append(job).append(" loads it at no cost (retry --send-again sends it anew).");
    }
  }

  private static String cost(AgainCount count) {
    if (count.unpriced() == count.again()) {
      return "without a price";
    }
    return "USD "
        + Usd.text(count.costUsd())
        + (count.unpriced() == 0 ? "" : ", " + count.unpriced() + " of them without a price");
  }

  /** What the ledger keeps of the wish. */
  String detail(AgainCount count) {
    return Words.count(count.again(), "finished record")
        + ", last time "
        + cost(count)
        + (key == null ? "" : ", key " + key)
        + (limit == null ? "" : ", limit " + limit);
  }
}
