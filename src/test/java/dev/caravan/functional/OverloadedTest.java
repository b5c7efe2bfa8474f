package dev.caravan.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.simulator.Endpoint;
import dev.caravan.simulator.Fault;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.NightFixture;
import dev.caravan.testing.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/** An API that is overloaded for long (design §8): nothing is rejected, nothing is sent twice. */
class OverloadedTest {
  private static final Duration STEP = Duration.ofMinutes(5);

  @TempDir Path home;

  private InvoiceNight night(TestDatabase database) throws Exception {
    return InvoiceNight.in(home, database).set("retry.backoff", "1m×2≤30m").invoices(1, 6).start();
  }

  private static Fault answers(int status, @Nullable Integer retryAfter) {
    return new Fault.Refuse(Endpoint.CREATE, status, null, null, null, retryAfter, false);
  }

  private static void always(InvoiceNight night, Fault fault) {
    night.simulator().clearFaults().fault(fault, 0, 100_000);
  }

  private static void lasts(InvoiceNight night, Duration time) {
    for (Duration at = Duration.ZERO; at.compareTo(time) < 0; at = at.plus(STEP)) {
      night.advance(STEP).tick();
    }
  }

  private static long posts(InvoiceNight night) {
    return night.simulator().books().calls().getOrDefault(Endpoint.CREATE, 0L);
  }

  private static List<String> told(InvoiceNight night) {
    return night.mails().stream().filter(m -> m.contains("has accepted no batch")).toList();
  }

  private static void allAreDone(InvoiceNight night) {
    night.simulator().clearFaults();
    night.untilDone(STEP);
    assertThat(night.count("invoices where loads = 1")).isEqualTo(6);
    assertThat(night.count("caravan_request where outcome = 'rejected'")).isZero();
    assertThat(night.count("caravan_request where attempt > 1")).isZero();
    assertThat(night.accepted()).isEqualTo(1);
  }

  @EachDatabase
  void forHalfAnHourCostsHalfAnHour(TestDatabase database) throws Exception {
    try (InvoiceNight night = night(database)) {
      always(night, answers(529, null));
      night.extract().submit();
      lasts(night, Duration.ofMinutes(30));
      assertThat(told(night)).isEmpty();
      allAreDone(night);
      assertThat(night.count("caravan_job where unaccepted_since is not null")).isZero();
    }
  }

  @EachDatabase
  void forThreeHoursIsToldOnceAndWaitedForWithGrowingPauses(TestDatabase database)
      throws Exception {
    try (InvoiceNight night = night(database)) {
      always(night, answers(529, null));
      night.extract().submit();
      List<Instant> posted = new ArrayList<>();
      for (long before = 0;
          !night
              .fixture()
              .clock()
              .instant()
              .isAfter(NightFixture.DUE.plus(Duration.ofHours(3))); ) {
        if (posts(night) > before) {
          before = posts(night);
          posted.add(night.fixture().clock().instant());
          // a process that begins anew neither forgets nor repeats
          night.restart();
        }
        night.minutes(1).tick();
        boolean hour =
            !night.fixture().clock().instant().isBefore(NightFixture.DUE.plus(Duration.ofHours(1)));
        assertThat(told(night)).hasSize(hour ? 1 : 0);
      }
      List<Long> pauses = new ArrayList<>();
      for (int i = 1; i < posted.size(); i++) {
        pauses.add(Duration.between(posted.get(i - 1), posted.get(i)).toMinutes());
      }
      for (int i = 1; i < pauses.size(); i++) {
        // minutes are ticks
        assertThat(pauses.get(i)).isGreaterThanOrEqualTo(pauses.get(i - 1) - 1);
      }
      assertThat(pauses.get(pauses.size() - 1)).isGreaterThanOrEqualTo(30);
      assertThat(night.pause()).isEmpty();
      allAreDone(night);
    }
  }

  @EachDatabase
  void forThirtyHoursPausesTheJobWhichLosesNothing(TestDatabase database) throws Exception {
    try (InvoiceNight night = night(database)) {
      always(night, answers(529, null));
      night.extract().submit();
      lasts(night, Duration.ofHours(23));
      assertThat(night.pause()).isEmpty();
      lasts(night, Duration.ofHours(2));
      assertThat(night.pause())
          .contains("accepted no batch", "submit.give-up", "529", "./caravan resume invoices");
      long posts = posts(night);
      lasts(night, Duration.ofHours(5));
      assertThat(posts(night)).isEqualTo(posts);
      assertThat(night.mails()).filteredOn(m -> m.contains("is paused")).hasSize(1);
      assertThat(told(night)).hasSize(2);

      // the clock begins anew: it is not paused again at once
      night.resume();
      lasts(night, Duration.ofHours(2));
      assertThat(night.pause()).isEmpty();
      assertThat(posts(night)).isGreaterThan(posts);
      assertThat(told(night)).hasSize(3);
      allAreDone(night);
    }
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void andTakesABatchAllTheSameIsPaidOnce(TestDatabase database) throws Exception {
    try (InvoiceNight night = night(database)) {
      night
          .simulator()
          .fault(answers(529, null), 0, 4)
          .faults(new Fault.Refuse(Endpoint.CREATE, 529, null, null, null, null, true))
          .fault(answers(529, null), 0, 1000);
      night.extract().submit();
      lasts(night, Duration.ofHours(3));
      assertThat(night.count("invoices where loads = 1")).isEqualTo(6);
      assertThat(posts(night)).isEqualTo(5);
      allAreDone(night);
    }
  }

  @EachDatabase(DatabaseVendor.MARIADB)
  void withA500NowAndThenAndRateLimitsInBetween(TestDatabase database) throws Exception {
    try (InvoiceNight night = night(database)) {
      night
          .simulator()
          .fault(answers(500, null), 0, 2)
          .fault(answers(429, 120), 0, 2)
          .fault(answers(429, null), 0, 2)
          .fault(answers(503, 60), 0, 1)
          .faults(new Fault.CutBefore(Endpoint.CREATE), new Fault.WebPage(Endpoint.CREATE));
      night.extract().submit();
      lasts(night, Duration.ofHours(4));
      allAreDone(night);
      assertThat(posts(night)).isEqualTo(10);
    }
  }

  /** 429 on every create: each pause is twice as long, and never shorter than was asked for. */
  @EachDatabase(DatabaseVendor.H2)
  void rateLimitsWithoutEndAreAskedLessAndLess(TestDatabase database) throws Exception {
    for (Integer retryAfter : new Integer[] {null, 1, 600}) {
      Path folder = java.nio.file.Files.createTempDirectory(home, "night");
      try (TestDatabase own = DatabaseVendor.H2.create();
          InvoiceNight night =
              InvoiceNight.in(folder, own)
                  .set("retry.backoff", "1m×2≤30m")
                  .invoices(1, 6)
                  .start()) {
        always(night, answers(429, retryAfter));
        night.extract().submit();
        for (int i = 0; i < 180; i++) {
          night.minutes(1).tick();
        }
        assertThat(posts(night)).isBetween(6L, 12L);
        assertThat(told(night)).hasSize(1);
        allAreDone(night);
      }
    }
  }

  /** 120 nonces are lost; their looks must not become 120 readings of the list each hour. */
  @EachDatabase(DatabaseVendor.H2)
  void aHundredLostNoncesShareOneLook(TestDatabase database) throws Exception {
    try (InvoiceNight night =
        InvoiceNight.in(home, database)
            .set("submit.doubt-looks", "0")
            .set("submit.max-requests", "1")
            .invoices(1, 6)
            .start()) {
      always(night, answers(529, null));
      night.extract();
      for (int i = 0; i < 40; i++) {
        night.submit().minutes(1).poll().resend();
      }
      night.simulator().clearFaults();
      night.simulator().foreignBatch(1);
      night.untilDone(STEP);
      assertThat(night.count("caravan_batch where state = 'lost'")).isGreaterThan(20);
      long lists = night.simulator().books().calls().getOrDefault(Endpoint.LIST, 0L);
      for (int i = 0; i < 27 * 12; i++) {
        night.advance(STEP).poll();
      }
      assertThat(night.simulator().books().calls().getOrDefault(Endpoint.LIST, 0L) - lists)
          .isLessThanOrEqualTo(28);
      assertThat(night.count("caravan_batch where state = 'lost' and next_look_at is not null"))
          .isZero();
    }
  }
}
