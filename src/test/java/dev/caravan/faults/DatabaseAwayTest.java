package dev.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.DatabaseVendor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The database goes away at a commit, just before it has it or just after: the process lives on and
 * its next ticks finish the night by themselves.
 */
@Tag("faults")
class DatabaseAwayTest {
  @TempDir Path folder;

  private AwayNight night(DatabaseVendor vendor) throws Exception {
    return new AwayNight(Files.createTempDirectory(folder, "night"), vendor);
  }

  private List<String> commits(DatabaseVendor vendor) throws Exception {
    try (AwayNight night = night(vendor)) {
      return night.untouched();
    }
  }

  private void away(DatabaseVendor vendor, String stage, int nth, Commits.Fate fate) {
    try (AwayNight night = night(vendor)) {
      night.away(stage, nth, fate);
      assertThat(night.night().pause()).as("pause").isEmpty();
      assertThat(night.reports()).as("Message-IDs of the report").hasSize(1);
    } catch (AssertionError | Exception e) {
      throw new AssertionError("%s, commit %d of %s, %s".formatted(vendor, nth, stage, fate), e);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "POSTGRESQL, extract, 1, UNANSWERED",
    "POSTGRESQL, extract, 5, LOST",
    "POSTGRESQL, extract, 8, LOST",
    "MARIADB, submit, 1, UNANSWERED",
    "POSTGRESQL, submit, 2, LOST",
    "MARIADB, poll, 1, LOST",
    "POSTGRESQL, collect, 2, UNANSWERED",
    "POSTGRESQL, load, 1, LOST",
    "MARIADB, load, 2, UNANSWERED",
    "POSTGRESQL, load, 2, UNANSWERED",
    "MARIADB, resend, 2, UNANSWERED",
    "POSTGRESQL, report, 1, UNANSWERED"
  })
  void inEachStage(DatabaseVendor vendor, String stage, int nth, Commits.Fate fate) {
    away(vendor, stage, nth, fate);
  }

  @ParameterizedTest
  @EnumSource(
      value = DatabaseVendor.class,
      names = {"POSTGRESQL", "MARIADB"})
  @Tag("long")
  void atEachCommitOfEachStage(DatabaseVendor vendor) throws Exception {
    List<String> commits = commits(vendor);
    assertThat(commits).containsAll(AwayNight.STAGES);
    for (String stage : AwayNight.STAGES) {
      int n = (int) commits.stream().filter(stage::equals).count();
      for (int nth = 1; nth <= n; nth++) {
        away(vendor, stage, nth, Commits.Fate.LOST);
        away(vendor, stage, nth, Commits.Fate.UNANSWERED);
      }
    }
  }
}
