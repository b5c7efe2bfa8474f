package dev.caravan.cli;

/** A command that was not carried out, with the exit code that says why. */
final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final ExitCode exit;

  Refused(ExitCode exit, String message) {
    super(message);
    this.exit = exit;
  }

  ExitCode exit() {
    return exit;
  }
}
