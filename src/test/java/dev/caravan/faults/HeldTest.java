package dev.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.simulator.Endpoint;
import dev.caravan.simulator.Fault;
import dev.caravan.submit.Adoption;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** What no look can decide is held, and a person's word settles it. */
@Tag("faults")
class HeldTest {
  @TempDir Path home;

  private static String adopt(InvoiceNight night, String id) {
    return night
        .fixture()
        .application()
        .bean("adoption", Adoption.class)
        .decide(night.newest(), id);
  }

  private static InvoiceNight untilHeld(InvoiceNight night) {
    for (int i = 0; i < 26; i++) {
      night.minutes(5).tick();
    }
    assertThat(night.states()).contains("held");
    assertThat(night.mails()).filteredOn(mail -> mail.contains("is held")).hasSize(1);
    return night;
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void adoptWithAnIdGoesOnWithThatBatch(TestDatabase database) throws Exception {
    try (InvoiceNight night =
        InvoiceNight.in(home, database, o -> o.withProcessing(Duration.ofHours(4))).start()) {
      String other = night.simulator().foreignBatch(21);
      night.simulator().faults(new Fault.CutAfter(Endpoint.CREATE));
      untilHeld(night.more(20));
      assertThat(adopt(night, other)).contains("can't be the same");
      assertThat(adopt(night, "msgbatch_nobody")).contains("can't be read");
      assertThat(night.states()).containsExactly("held");
      String ours =
          night.simulator().books().batches().stream()
              .filter(b -> !b.foreign())
              .findFirst()
              .orElseThrow()
              .id();
      assertThat(adopt(night, ours)).isEmpty();
      assertThat(night.states()).containsExactly("doubt");
      night.untilDone();
      assertThat(night.accepted()).isEqualTo(1);
      FaultTable.tried("undecidable doubt, held, settled by adopt ID", night);
    }
  }

  @EachDatabase({DatabaseVendor.POSTGRESQL, DatabaseVendor.MARIADB})
  void adoptWithNoneSendsTheRecordsAnew(TestDatabase database) throws Exception {
    try (InvoiceNight night =
        InvoiceNight.in(home, database, o -> o.withProcessing(Duration.ofHours(4))).start()) {
      night.simulator().faults(new Fault.CutBefore(Endpoint.CREATE));
      night.more(20);
      night.simulator().foreignBatch(20);
      untilHeld(night);
      assertThat(night.accepted()).isZero();
      assertThat(adopt(night, "none")).isEmpty();
      night.untilDone();
      assertThat(night.accepted()).isEqualTo(1);
      FaultTable.tried("undecidable doubt, held, settled by adopt none", night);
    }
  }

  @EachDatabase(DatabaseVendor.MARIADB)
  void isHeldWhileTheListCanNotBeReadAndFoundWhenItCan(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).start()) {
      night.simulator().faults(new Fault.CutAfter(Endpoint.CREATE));
      night.more(20);
      night.simulator().fault(Fault.refuse(Endpoint.LIST, 503), 0, 1000);
      untilHeld(night);
      night.simulator().clearFaults();
      night.untilDone();
      assertThat(night.accepted()).isEqualTo(1);
      FaultTable.tried("list of batches away for 2 h while in doubt", night);
    }
  }

  /** The refusal was proof: no twin can come, and the send does not count. */
  @EachDatabase({DatabaseVendor.POSTGRESQL, DatabaseVendor.MARIADB})
  void adoptWithNoneAfterARefusalLooksForNoTwin(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).start()) {
      night.simulator().faults(Fault.refuse(Endpoint.CREATE, 404));
      night.more(3);
      assertThat(night.states()).containsExactly("held");
      assertThat(night.mails()).anyMatch(mail -> mail.contains("the API refused it"));
      assertThat(adopt(night, "none")).isEmpty();
      assertThat(night.count("caravan_batch where state = 'refused' and next_look_at is null"))
          .isEqualTo(1);
      night.untilDone();
      assertThat(night.count("caravan_batch where state = 'lost'")).isZero();
      assertThat(night.count("caravan_request where attempt > 1")).isZero();
      assertThat(night.accepted()).isEqualTo(1);
      FaultTable.tried("create refused for no known reason, settled by adopt none", night);
    }
  }
}
