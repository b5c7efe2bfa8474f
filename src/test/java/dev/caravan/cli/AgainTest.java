package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.simulator.SimulatorOptions;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Finished records are sent again when a person says so, knows the cost, and agrees. */
class AgainTest {
  private static final String ALL =
      "select invoice_no, vendor, description, amount, received_on from invoices order by"
          + " invoice_no";

  @TempDir Path home;

  private static Console run(InvoiceNight night, String... words) throws Exception {
    return Console.run(night.fixture(), words);
  }

  /** Four invoices that are completed, by a statement that gives them on and on. */
  private InvoiceNight answered(TestDatabase database) throws Exception {
    InvoiceNight night =
        InvoiceNight.in(
            home, database, o -> SimulatorOptions.defaults().withProcessing(Duration.ZERO));
    night.write("extract.sql", ALL).invoices(1, 4).set("poll.first", "1s");
    assertThat(run(night, "night", "invoices").exit()).isZero();
    return night;
  }

  @EachDatabase
  void sendsThemWithTheNewPromptAndComparesTheVersions(TestDatabase database) throws Exception {
    try (InvoiceNight night = answered(database).withoutRules()) {
      assertThat(run(night, "night", "invoices").out()).contains("none is new or changed");
      night.write("prompt.md", "Which department pays for ${description}, for ${amount}?");
      assertThat(run(night, "night", "invoices").out()).contains("none is new or changed");
      assertThat(night.accepted()).isEqualTo(1);

      Console refused = run(night, "night", "invoices", "--again");
      assertThat(refused.exit()).isEqualTo(1);
      assertThat(refused.err())
          .contains("4 finished records of job invoices (4 completed, 0 rejected)")
          .contains("last time: USD 0.0", "There is no terminal", "--yes");
      assertThat(night.accepted()).isEqualTo(1);
      assertThat(night.count("caravan_run")).isEqualTo(3);
      assertThat(night.count("caravan_action where action = 'again'")).isZero();

      night.invoices(5, 5);
      Console again = run(night, "night", "invoices", "--again", "--yes");
      assertThat(again.exit()).as(again.all()).isZero();
      assertThat(again.err()).contains("Beside them 1 record");
      assertThat(again.out())
          .contains("All 5 records are completed", "NEW PROMPT VERSION", "(before): 4 of 4");
      assertThat(night.count("invoices where loads = 2")).isEqualTo(4);
      assertThat(night.count("caravan_action where action = 'again' and subject = 'invoices'"))
          .isEqualTo(1);
      List<?> versions =
          database.query(
              "select distinct prompt_version from caravan_record union"
                  + " select distinct prompt_version from caravan_request");
      assertThat(versions).hasSize(2);
      String version =
          String.valueOf(night.fixture().row("select * from caravan_job").get("prompt_version"));
      assertThat(run(night, "status").out()).contains("prompt version " + version);
      assertThat(run(night, "show", "invoices", "INV-1").out()).contains("  prompt " + version);
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void sendsTheOneThatIsNamedOrAsManyAsAreAskedFor(TestDatabase database) throws Exception {
    try (InvoiceNight night = answered(database).withoutRules()) {
      assertThat(run(night, "night", "invoices", "--again", "--key", "INV-2", "--yes").exit())
          .isZero();
      assertThat(night.count("invoices where loads = 2 and invoice_no = 'INV-2'")).isEqualTo(1);
      assertThat(night.count("invoices where loads = 1")).isEqualTo(3);
      Console some = run(night, "night", "invoices", "--again", "--limit", "3", "--yes");
      assertThat(some.err()).contains("3 finished records");
      assertThat(night.count("invoices where loads = 1")).isEqualTo(1);
      assertThat(run(night, "night", "invoices", "--again", "--key", "INV-9").err())
          .contains("has never sent a record INV-9. Nothing was sent.");
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void saysWhenTheSourceNoLongerGivesThem(TestDatabase database) throws Exception {
    try (InvoiceNight night = answered(database)) {
      night.write("extract.sql", ALL.replace(" order", " where processed_at is null order"));
      Console none = run(night, "night", "invoices", "--again", "--yes");
      assertThat(none.exit()).isEqualTo(1);
      assertThat(none.err())
          .contains("extract.sql gives none of the 4 finished records", "set their rows back");
      database.execute("update invoices set processed_at = null where invoice_no = 'INV-3'");
      Console one = run(night, "night", "invoices", "--again");
      assertThat(one.err()).contains("1 finished record of", "3 finished records not given");
      assertThat(run(night, "pause", "invoices").exit()).isZero();
      assertThat(run(night, "night", "invoices", "--again", "--yes").exit()).isEqualTo(3);
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void anAnswerThatIsKeptIsNotBoughtAgain(TestDatabase database) throws Exception {
    try (InvoiceNight night = answered(database).withoutRules()) {
      database.execute(
          "update caravan_request set outcome = 'rejected', cause = 'not_loaded' where record_key ="
              + " 'INV-1'");
      Console again = run(night, "night", "invoices", "--again");
      assertThat(again.err())
          .contains("3 finished records", "1 record with an answer that is paid for and kept")
          .contains("./caravan retry invoices");
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void aLimitIsANumberOfRecords(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database)) {
      for (String limit : List.of("0", "-5", "1.5", "x")) {
        Console wrong = run(night, "night", "invoices", "--limit=" + limit);
        assertThat(wrong.exit()).isEqualTo(1);
        assertThat(wrong.err()).contains("'" + limit + "' is not a number of records from 1 to");
      }
      assertThat(run(night, "submit", "invoices", "--limit", "0").exit()).isEqualTo(1);
      assertThat(run(night, "night", "invoices", "--yes").err()).contains("belongs to --again");
    }
  }

  @Test
  void onlyAYesIsAYes() throws Exception {
    for (String yes : List.of("y\n", "Y", " yes \r\n")) {
      ask(yes, true, false);
    }
    for (String no : List.of("", "\n", "n\n", "yep\n")) {
      assertThatThrownBy(() -> ask(no, true, false)).hasMessage("Nothing was sent.");
    }
    assertThatThrownBy(() -> ask("y\n", false, false)).hasMessageContaining("no terminal");
    ask("", false, true);
  }

  private static void ask(String answer, boolean terminal, boolean yes) throws Exception {
    new Question(
            new ByteArrayInputStream(answer.getBytes(StandardCharsets.UTF_8)),
            new PrintWriter(new StringWriter()),
            terminal)
        .confirm("4 records", yes);
  }
}
