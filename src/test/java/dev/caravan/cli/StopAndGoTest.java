package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.simulator.SimulatorOptions;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** What pause, resume, cancel and adopt answer in every state that a batch may have. */
class StopAndGoTest {
  /** What {@code cancel} says of a state in which it does nothing. */
  private static final Map<String, String> CANCEL_REFUSED =
      Map.of(
          "writing", "was not posted yet",
          "ready", "was not posted yet",
          "submitting", "is not known yet",
          "doubt", "is not known yet",
          "held", "./caravan adopt ",
          "ended", "has ended at the API",
          "collected", "it is over",
          "lost", "it is over",
          "refused", "it is over");

  @TempDir Path home;

  private InvoiceNight submitted(TestDatabase database) throws Exception {
    InvoiceNight night =
        InvoiceNight.in(
            home, database, o -> SimulatorOptions.defaults().withProcessing(Duration.ofHours(20)));
    night.invoices(1, 2).set("poll.first", "1s");
    assertThat(run(night, "submit", "invoices").exit()).isEqualTo(5);
    return night;
  }

  private static Console run(InvoiceNight night, String... words) throws Exception {
    return Console.run(night.fixture(), words);
  }

  private static String nonce(InvoiceNight night) {
    return String.valueOf(night.fixture().row("select nonce from caravan_batch").get("nonce"));
  }

  private static void force(InvoiceNight night, String state) {
    night.database().execute("update caravan_batch set state = '" + state + "'");
  }

  @EachDatabase(DatabaseVendor.H2)
  void refuseWhatAStateDoesNotAllowAndSayWhatDoes(TestDatabase database) throws Exception {
    try (InvoiceNight night = submitted(database).withoutRules()) {
      String nonce = nonce(night);
      for (String state : CANCEL_REFUSED.keySet()) {
        force(night, state);
        Console cancel = run(night, "cancel", nonce);
        assertThat(cancel.exit()).as(state).isEqualTo(1);
        assertThat(cancel.err())
            .contains("Batch " + nonce + " is " + state, CANCEL_REFUSED.get(state))
            .contains("Nothing was changed.");
      }
      for (String state :
          new String[] {
            "writing",
            "ready",
            "submitting",
            "in_progress",
            "canceling",
            "collected",
            "lost",
            "refused"
          }) {
        force(night, state);
        Console adopt = run(night, "adopt", nonce, "none");
        assertThat(adopt.exit()).as(state).isEqualTo(1);
        assertThat(adopt.err()).contains("is " + state, "nothing to decide", "Nothing was changed");
      }
      assertThat(night.count("caravan_action where action in ('cancel', 'adopt')")).isZero();
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void anEmptyNameMeansNoBatch(TestDatabase database) throws Exception {
    try (InvoiceNight night = submitted(database).withoutRules()) {
      for (String empty : new String[] {"", " "}) {
        for (Console console :
            List.of(run(night, "adopt", empty, "none"), run(night, "cancel", empty))) {
          assertThat(console.exit()).isEqualTo(1);
          assertThat(console.err()).contains("The batch is empty", "./caravan status");
        }
      }
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void pauseAndResumeWorkInEveryStateAndStatusSaysHowToGoOn(TestDatabase database)
      throws Exception {
    try (InvoiceNight night = submitted(database).withoutRules()) {
      String nonce = nonce(night);
      for (String state :
          new String[] {
            "writing", "ready", "submitting", "in_progress", "canceling", "ended", "doubt", "held"
          }) {
        force(night, state);
        assertThat(run(night, "pause", "invoices").out()).contains("./caravan resume invoices");
        assertThat(run(night, "pause", "invoices").out())
            .contains("was paused already, since 20", "paused by ", "./caravan resume invoices");
        assertThat(run(night, "status").out())
            .contains("PAUSED since 20", "paused by ", "go on with ./caravan resume invoices")
            .contains("batch " + nonce, state);
        assertThat(run(night, "resume", "invoices").exit()).isZero();
      }
      assertThat(run(night, "status").out())
          .contains("./caravan adopt " + nonce + " MSGBATCH_ID", "adopt " + nonce + " none");
      assertThat(run(night, "resume", "invoices").out()).contains("was not paused");
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void aRunningBatchIsCanceledAndWhatWasDroppedIsRejected(TestDatabase database) throws Exception {
    try (InvoiceNight night = submitted(database)) {
      String nonce = nonce(night);
      assertThat(run(night, "adopt", nonce, "msgbatch_0").exit()).isEqualTo(1);
      Console cancel = run(night, "cancel", nonce.substring(0, 4), "--drop");
      assertThat(cancel.exit()).isZero();
      assertThat(cancel.out()).contains("the rest rejected", "./caravan collect invoices");
      assertThat(run(night, "cancel", nonce, "--drop").exit()).isZero();
      assertThat(run(night, "night", "invoices").exit()).isEqualTo(2);
      assertThat(night.outcome("INV-1")).isEqualTo("rejected canceled");
      assertThat(run(night, "cancel", nonce).err()).contains("it is over");
      assertThat(night.count("caravan_action where action = 'cancel' and os_user <> ''"))
          .isEqualTo(2);
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void aBatchInDoubtIsDecidedByAPerson(TestDatabase database) throws Exception {
    try (InvoiceNight night = submitted(database).withoutRules()) {
      String nonce = nonce(night);
      String id =
          String.valueOf(
              night.fixture().row("select msgbatch_id from caravan_batch").get("msgbatch_id"));
      night
          .database()
          .execute(
              "update caravan_batch set state = 'held', cause = 'undecided', msgbatch_id = null");
      Console nobody = run(night, "adopt", nonce, "msgbatch_nobody");
      assertThat(nobody.exit()).isEqualTo(1);
      assertThat(nobody.err()).contains("msgbatch_nobody can't be read", "Nothing was changed.");
      assertThat(run(night, "collect").exit()).isEqualTo(3);
      assertThat(run(night, "adopt", nonce, id).out()).contains(id + " is followed");
      assertThat(night.states()).containsExactly("doubt");
    }
  }
}
