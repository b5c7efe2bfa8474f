package dev.caravan.cli;

/** What a command's exit tells a scheduler; of several the highest {@link #rank} is told. */
enum ExitCode {
  /** Done: every record completed, or nothing to do. */
  DONE(0, 0),
  /** Refused, nothing was done: settings or usage. */
  REFUSED(1, 9),
  /** Done, but records were rejected. */
  REJECTED(2, 1),
  /** Not finished: batches run or records wait to be sent again. */
  UNFINISHED(5, 2),
  /** Interrupted by database, API, disk or a signal: progress is saved. */
  BROKEN(4, 3),
  /** A person must decide: held, paused, a copied ledger. */
  DECIDE(3, 4);

  private final int code;
  private final int rank;

  ExitCode(int code, int rank) {
    this.code = code;
    this.rank = rank;
  }

  int code() {
    return code;
  }

  ExitCode or(ExitCode other) {
    return rank >= other.rank ? this : other;
  }
}
