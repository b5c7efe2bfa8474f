package dev.caravan.cli;

import dev.caravan.report.Words;
import java.util.List;
import java.util.stream.Collectors;

/** What {@code retry} did, as people read it. */
final class RetriedText {
  private static final int NAMED = 20;
  private static final int DETAIL = 200;

  private final Retried done;
  private final StringBuilder text = new StringBuilder();

  RetriedText(Retried done) {
    this.done = done;
  }

  String text() {
    text.append(Words.count(done.rejected(), "rejected record")).append(" of job ");
    text.append(done.job()).append(":\n");
    if (done.kept() > 0) {
      line(
          done.loaded() + " of " + Words.count(done.kept(), "kept answer") + " loaded, at no cost");
    }
    letters(
        done.notLoaded(),
        "not loadable, still rejected; fix what the cause says and retry, or --send-again"
            + " (paid again)");
    if (done.sent() != null) {
      sent(done.sent());
    }
    if (!done.leftOut().isEmpty()) {
      line(
          Words.count(done.leftOut().size(), "refusal")
              + " left alone, as unchanged it would come again (--send-again sends it): "
              + names(done.leftOut()));
    }
    paused();
    return text.toString().stripTrailing();
  }

  private void sent(Retried.Sent sent) {
    if (sent.posted() > 0) {
      line(
          Words.count(sent.posted(), "record")
              + " read again and sent; the answers are collected like any other");
    }
    if (sent.waiting() > 0) {
      line(
          Words.count(sent.waiting(), "record")
              + " read again, not sent yet; ./caravan status "
              + done.job()
              + " says why");
    }
    letters(sent.rejected(), "read again and rejected before sending");
    if (!sent.missing().isEmpty()) {
      line(
          Words.count(sent.missing().size(), "record")
              + " no longer given by extract.sql, not sent, still rejected: "
              + names(sent.missing()));
    }
  }

  private void paused() {
    if (done.paused() == null) {
      return;
    }
    line("job " + done.job() + " is paused: " + Words.line(done.paused(), DETAIL));
    if (done.waitForResume() > 0) {
      line(
          Words.count(done.waitForResume(), "record")
              + " not sent, waiting: ./caravan resume "
              + done.job()
              + " sends them");
    } else {
      line("when that is mended: ./caravan resume " + done.job() + ", then retry again");
    }
  }

  private void letters(List<Retried.Letter> letters, String what) {
    if (letters.isEmpty()) {
      return;
    }
    line(Words.count(letters.size(), "record") + " " + what + ":");
    letters.stream()
        .limit(NAMED)
        .forEach(
            letter ->
                line("  " + letter.key() + "  " + letter.cause() + ": " + detail(letter.detail())));
    if (letters.size() > NAMED) {
      line("  … and " + (letters.size() - NAMED) + " more; ./caravan retry --json names all");
    }
  }

  private static String detail(@org.jspecify.annotations.Nullable String detail) {
    return detail == null ? "" : Words.line(detail, DETAIL);
  }

  private static String names(List<String> keys) {
    return keys.stream().limit(NAMED).collect(Collectors.joining(", "))
        + (keys.size() > NAMED ? ", … and " + (keys.size() - NAMED) + " more" : "");
  }

  private void line(String line) {
    text.append("  ").append(line).append('\n');
  }
}
