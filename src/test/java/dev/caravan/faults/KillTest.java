package dev.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.DatabaseVendor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * kill -9 at a commit, just before the database has it or just after: others finish the night, and
 * the rules R1 to R7 hold.
 */
@Tag("faults")
class KillTest {
  private static final List<Commits.Fate> FATES =
      List.of(Commits.Fate.LOST, Commits.Fate.UNANSWERED);
  private static final List<String> STAGES =
      List.of("start", "extract", "submit", "poll", "collect", "load", "resend", "report");

  @TempDir Path folder;

  private static Random random() {
    long seed = Long.getLong("kill.seed", System.nanoTime());
    System.out.println("kill.seed=" + seed);
    return new Random(seed);
  }

  private KilledNight night(DatabaseVendor vendor) throws Exception {
    return new KilledNight(Files.createTempDirectory(folder, "night"), vendor);
  }

  private int commits(DatabaseVendor vendor) throws Exception {
    try (KilledNight night = night(vendor)) {
      return night.untouched();
    }
  }

  private String kill(DatabaseVendor vendor, int commit, Commits.Fate fate) throws Exception {
    try (KilledNight night = night(vendor)) {
      String stage = night.killedAt(commit, fate);
      night.finished("kill -9 at a commit: " + stage);
      return stage;
    } catch (AssertionError | Exception e) {
      throw new AssertionError(vendor + ", commit " + commit + " " + fate, e);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DatabaseVendor.class,
      names = {"POSTGRESQL", "MARIADB"})
  void someCommitsOfEachPartOfTheNight(DatabaseVendor vendor) throws Exception {
    Random random = random();
    int commits = commits(vendor);
    int parts = 3;
    for (int part = 0; part < parts; part++) {
      int commit = 1 + (part * commits + random.nextInt(commits)) / parts;
      kill(vendor, commit, FATES.get(random.nextInt(2)));
    }
  }

  @Test
  @Tag("long")
  void everyCommitOfEveryStageOnBothSides() throws Exception {
    Map<String, int[]> kills = new TreeMap<>();
    STAGES.forEach(stage -> kills.put(stage, new int[2]));
    for (DatabaseVendor vendor : List.of(DatabaseVendor.POSTGRESQL, DatabaseVendor.MARIADB)) {
      int commits = commits(vendor);
      for (int commit = 1; commit <= commits; commit++) {
        for (int side = 0; side < 2; side++) {
          String stage = kill(vendor, commit, FATES.get(side));
          kills.computeIfAbsent(stage, s -> new int[2])[side]++;
        }
      }
    }
    System.out.println("\n| stage | killed before the commit | killed after it |\n|---|--:|--:|");
    kills.forEach(
        (stage, n) -> System.out.println("| " + stage + " | " + n[0] + " | " + n[1] + " |"));
    assertThat(kills).allSatisfy((stage, n) -> assertThat(n).doesNotContain(0));
    assertThat(kills.values().stream().mapToInt(n -> n[0] + n[1]).sum()).isGreaterThan(200);
  }

  @ParameterizedTest
  @Tag("long")
  @EnumSource(
      value = DatabaseVendor.class,
      names = {"POSTGRESQL", "MARIADB"})
  void atRandomMoments(DatabaseVendor vendor) throws Exception {
    Random random = random();
    for (int i = 0; i < 10; i++) {
      try (KilledNight night = night(vendor)) {
        night.killedAfter(Duration.ofMillis(random.nextInt(3000)));
        night.finished("kill -9 at a random moment");
      }
    }
  }
}
