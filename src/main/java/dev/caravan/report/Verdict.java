package dev.caravan.report;

import static dev.caravan.report.Words.count;
import static dev.caravan.report.Words.number;

import dev.caravan.batch.RunCounts;
import dev.caravan.batch.Usd;
import dev.caravan.report.RunReport.Kind;
import dev.caravan.report.RunReport.Money;
import dev.caravan.report.RunReport.Tone;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** The night in one sentence, and in the subject of the mail. */
record Verdict(Facts facts, Money money) {

  Kind kind() {
    return facts.ended() ? Kind.FINAL : Kind.INTERIM;
  }

  Tone tone(boolean urgent) {
    if (urgent) {
      return Tone.ATTENTION;
    }
    if (!facts.ended()) {
      return Tone.WAITING;
    }
    if (facts.records().rejected() > 0) {
      return Tone.REJECTED;
    }
    return facts.nothingToDo() ? Tone.QUIET : Tone.GOOD;
  }

  /** Such as {@code invoices 2026-11-20: 1,240 completed, 3 rejected, USD 4.12 (half of 8.24)}. */
  String subject() {
    String what;
    if (facts.extractBroke()) {
      what = "reading the source failed";
    } else if (facts.nothingToDo()) {
      what = "nothing to do";
    } else {
      what = outcomes() + cost() + (facts.ended() ? "" : " — " + unfinished());
    }
    String paused = facts.pause().isPresent() ? " — paused" : "";
    return facts.job().name() + " " + date() + ": " + what + paused;
  }

  String sentence() {
    if (facts.extractBroke()) {
      return "Reading the source failed; Caravan tries again automatically.";
    }
    if (facts.nothingToDo()) {
      return "Nothing to do: " + why();
    }
    String sentence = progress();
    return facts.ended()
        ? sentence + "."
        : sentence + "; " + unfinished() + ". One more mail follows when the run ends.";
  }

  LocalDate date() {
    return facts.run().dueAt().atZone(facts.job().zone()).toLocalDate();
  }

  private String outcomes() {
    long rejected = facts.records().rejected();
    return number(facts.records().completed())
        + " completed"
        + (rejected > 0 ? ", " + number(rejected) + " rejected" : "");
  }

  private String cost() {
    String unpriced = money.unpriced() > 0 ? ", " + number(money.unpriced()) + " unpriced" : "";
    BigDecimal cost = money.costUsd();
    BigDecimal list = money.listUsd();
    if (cost == null) {
      return unpriced;
    }
    Integer saved = money.savedPercent();
    String against =
        list == null || saved == null || saved <= 0
            ? ""
            : saved == 50
                ? " (half of " + Usd.text(list) + ")"
                : " (instead of " + Usd.text(list) + ")";
    return ", USD " + Usd.text(cost) + against + unpriced;
  }

  private String unfinished() {
    long running = facts.running();
    long held = facts.held();
    List<String> unfinished = new ArrayList<>();
    if (running > 0) {
      unfinished.add(count(running, "batch") + " still running");
    }
    if (held > 0) {
      unfinished.add(count(held, "batch") + " held");
    }
    long waiting = facts.records().waiting() + facts.records().open();
    if (unfinished.isEmpty() && waiting > 0) {
      unfinished.add(count(waiting, "record") + " still waiting");
    }
    return unfinished.isEmpty() ? "still reading the source" : String.join(", ", unfinished);
  }

  private String progress() {
    long total = facts.records().total();
    long completed = facts.records().completed();
    long rejected = facts.records().rejected();
    String records =
        completed == total && facts.ended()
            ? total == 1
                ? "The one record is completed"
                : "All " + number(total) + " records are completed"
            : number(completed) + " of " + count(total, "record") + " completed";
    return records + (rejected > 0 ? ", " + number(rejected) + " rejected" : "");
  }

  private String why() {
    RunCounts rows = facts.run().counts();
    if (rows.read() == 0) {
      return "the source gave no rows.";
    }
    String underWay =
        rows.skippedOpen() == 0 ? "" : "; " + number(rows.skippedOpen()) + " still under way";
    String setAside = rows.badKeys() == 0 ? "" : "; " + number(rows.badKeys()) + " without a key";
    return "of "
        + count(rows.read(), "row")
        + " read, none is new or changed"
        + underWay
        + setAside
        + ".";
  }
}
