package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exit code and text of each command where there is nothing, or not what was meant. */
class CommandTextsTest {
  @TempDir Path home;

  private static Console run(InvoiceNight night, String line) throws Exception {
    return Console.run(night.fixture(), line.split(" "));
  }

  private static void says(Console console, int exit, String... texts) {
    assertThat(console.exit()).as(console.all()).isEqualTo(exit);
    assertThat(console.all()).contains(texts).doesNotContain("Exception", "\tat ");
  }

  @EachDatabase(DatabaseVendor.H2)
  void nameWhatIsNotThere(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database)) {
      for (String verb :
          new String[] {"night", "submit", "retry", "pause", "resume", "report", "collect"}) {
        says(run(night, verb + " nope"), 1, "there is no job 'nope'", "invoices");
      }
      says(run(night, "status nope"), 1, "there is no job 'nope'");
      says(run(night, "show nope INV-1"), 1, "there is no job 'nope'");
      says(run(night, "show invoices INV-1"), 1, "has no record INV-1");
      says(run(night, "cancel abcd"), 1, "no batch abcd", "./caravan status");
      says(run(night, "adopt abcd none"), 1, "no batch abcd");
      says(run(night, "report invoices"), 1, "has no run yet", "./caravan night invoices");
      says(run(night, "retry invoices"), 0, "no rejected record", "Nothing was done");
      says(run(night, "poll"), 0, "no run yet");
      says(run(night, "status"), 0, "no run yet");
      says(run(night, "night invoices"), 0, "Nothing to do");
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void saySoWhenTheJobIsPausedOrTheLedgerIsACopy(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 2)) {
      run(night, "pause invoices");
      for (String verb : new String[] {"night", "submit"}) {
        says(run(night, verb + " invoices"), 3, "is paused since 20", "./caravan resume invoices");
      }
      says(run(night, "status --check"), 3, "PAUSED since 20");
      run(night, "resume invoices");
      says(run(night, "status --check"), 0, "invoices");
      Files.delete(home.resolve("data/home.id"));
      for (String verb :
          new String[] {
            "night invoices", "poll", "pause invoices", "retry invoices", "adopt x none"
          }) {
        says(run(night, verb), 3, "belongs to another home", "./caravan own", "Nothing was done");
      }
      says(run(night, "status"), 0, "invoices");
      Files.createFile(home.resolve("data/home.id"));
      says(run(night, "own"), 0, "owns the ledger now");
      assertThat(Files.readString(home.resolve("data/home.id"))).hasSizeGreaterThan(30);
      says(run(night, "poll"), 0, "no run yet");
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void tellThatAnExtractPausedTheJob(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database)) {
      night.write("extract.sql", "select nothing_such as invoice_no from invoices");
      says(run(night, "night invoices"), 3, "is paused: extract: ", "resume invoices");
      says(run(night, "status"), 0, "PAUSED since 20", "go on with ./caravan resume invoices");
    }
  }

  @Test
  void theDemoSaysWhatItMisses() {
    says(
        Console.run(java.util.Map.of(), "demo", "--home", home.toString()),
        1,
        "The demo plays the job invoices",
        "config/jobs/invoices/job.properties");
  }
}
