package dev.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.cli.Firings;
import dev.caravan.simulator.Fault;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quartz.CronExpression;

/** Our clock jumps, the API's does not; and the two nights a year that have 23 or 25 hours. */
@Tag("faults")
class ClockTest {
  @TempDir Path home;

  private void jumps(TestDatabase database, Duration... jumps) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 10).start()) {
      List<Runnable> stages =
          List.of(night::extract, night::submit, night::poll, night::collect, night::tick);
      for (int i = 0; i < stages.size(); i++) {
        stages.get(i).run();
        night.fixture().clock().advance(jumps[i % jumps.length]);
        night.minutes(3);
      }
      night.untilDone();
      assertThat(night.accepted()).isEqualTo(1);
      assertThat(night.count("invoices where loads = 1")).isEqualTo(10);
      FaultTable.tried("clock jumps by hours between stages", night);
    }
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void jumpsForward(TestDatabase database) throws Exception {
    jumps(database, Duration.ofHours(5));
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void jumpsBack(TestDatabase database) throws Exception {
    jumps(database, Duration.ofHours(-1));
  }

  @EachDatabase(DatabaseVendor.H2)
  void jumpsToAndFro(TestDatabase database) throws Exception {
    jumps(database, Duration.ofHours(3), Duration.ofHours(-3));
  }

  /** The looks go by the API's clock: what is accepted within them is found. */
  @EachDatabase({DatabaseVendor.POSTGRESQL, DatabaseVendor.MARIADB})
  void aJumpDuringADoubtMakesNoLookEarlier(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 10).start()) {
      night.simulator().faults(new Fault.AcceptLate(Duration.ofMinutes(9)));
      night.extract().submit();
      for (int i = 0; i < 8; i++) {
        night.fixture().clock().advance(Duration.ofHours(1));
        night.minutes(1).tick().tick();
        assertThat(night.states()).containsExactly("doubt");
      }
      night.untilDone(Duration.ofMinutes(1));
      assertThat(night.accepted()).isEqualTo(1);
      FaultTable.tried("clock jumps ahead during a doubt", night);
    }
  }

  /** Due times of a cron in a civil day of Berlin, as Quartz finds them. */
  private static List<Instant> due(String cron, String from, String to) throws Exception {
    CronExpression expression = new CronExpression(cron);
    expression.setTimeZone(TimeZone.getTimeZone("Europe/Berlin"));
    List<Instant> due = new ArrayList<>();
    Date next = expression.getNextValidTimeAfter(Date.from(Instant.parse(from)));
    while (next.toInstant().isBefore(Instant.parse(to))) {
      due.add(next.toInstant());
      next = expression.getNextValidTimeAfter(next);
    }
    return due;
  }

  @Test
  void quartzLeavesOutANightWithoutHalfPastTwoAndFiresOnceInOneThatHasItTwice() throws Exception {
    String cron = "0 30 2 * * ?";
    List<Instant> spring = due(cron, "2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z");
    List<Instant> autumn = due(cron, "2026-10-24T12:00:00Z", "2026-10-25T12:00:00Z");
    // the night that Firings.skipped makes up for
    assertThat(spring).isEmpty();
    System.out.println("DST " + autumn);
    assertThat(autumn).hasSize(1);
  }

  @EachDatabase(DatabaseVendor.H2)
  void eachOfTheTwoNightsHasOneRun(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 3)) {
      Path properties = home.resolve("config/jobs/invoices/job.properties");
      night.write(
          "job.properties",
          Files.readString(properties)
                  .replace("cron=0 0 23", "cron=0 30 2")
                  .replace("report-cron=0 30 2 * * ?", "report-cron=0 0 6 * * ?")
              + "\nzone=Europe/Berlin\n");
      night.start();
      for (String midnight : List.of("2026-03-28T22:00:00Z", "2026-10-24T22:00:00Z")) {
        Instant evening = Instant.parse(midnight);
        night.fixture().extract(InvoiceNight.JOB, Map.of("due", evening));
        for (int minutes = 0; minutes < 6 * 60; minutes += 15) {
          night.fixture().clock().set(evening.plus(Duration.ofMinutes(minutes)));
          Firings firings =
              new Firings(
                  night.fixture().application(),
                  night.fixture().ledger(),
                  night.fixture().jobs(),
                  Duration.ofHours(6),
                  night.fixture().clock());
          firings.missed();
          firings.skipped();
        }
      }
      // one begun by hand each evening, one made up for each night
      assertThat(night.count("caravan_run")).isEqualTo(4);
      night.withoutRules();
      FaultTable.tried("02:30 in the nights of daylight saving", 2);
    }
  }
}
