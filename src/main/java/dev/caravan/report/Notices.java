package dev.caravan.report;

import static dev.caravan.report.Words.count;
import static dev.caravan.report.Words.number;

import dev.caravan.batch.Batch;
import dev.caravan.batch.BatchState;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What is good to know of a run and asks nothing of anybody. */
record Notices(Facts facts) {
  private static final int MAX_BATCHES = 10;

  List<String> list() {
    List<String> notices = new ArrayList<>();
    if (facts.extractBroke()) {
      notices.add(
          "Reading the source failed: "
              + Words.line(Objects.requireNonNullElse(facts.run().error(), ""), 500));
    }
    if (!facts.requests().paidTwice().isEmpty()) {
      notices.add(
          "Paid twice: "
              + String.join(", ", facts.requests().paidTwice())
              + ". A lost answer of the API hid a batch that did run; its cost is in the figures"
              + " below.");
    }
    facts.batches().stream()
        .filter(b -> b.state() == BatchState.DOUBT)
        .limit(MAX_BATCHES)
        .forEach(b -> notices.add(doubt(b)));
    keys(notices);
    replaced(notices);
    if (!facts.notAddresses().isEmpty()) {
      notices.add(
          "report.sql names in mail_to what is not a mail address: "
              + String.join(", ", facts.notAddresses())
              + ". These rows are in this mail only.");
    }
    return notices;
  }

  private static String doubt(Batch batch) {
    return "Whether the API has batch "
        + batch.nonce()
        + " ("
        + count(batch.requests(), "request")
        + ") is not known yet. Caravan looks again automatically and sends nothing twice meanwhile.";
  }

  private void replaced(List<String> notices) {
    long answers = facts.requests().replaced();
    if (answers > 0) {
      notices.add(
          "Loaded with � where the database can't hold a character of theirs: "
              + count(answers, "answer")
              + ". The spool has them as they came.");
    }
  }

  private void keys(List<String> notices) {
    long bad = facts.run().counts().badKeys();
    long duplicates = facts.run().counts().duplicateKeys();
    if (bad + duplicates > 0) {
      notices.add(
          "Set aside while reading: "
              + number(bad)
              + " with an empty key, "
              + number(duplicates)
              + " with a key met before. The run's spool folder names them.");
    }
  }
}
