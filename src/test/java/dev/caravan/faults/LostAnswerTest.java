package dev.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.simulator.Endpoint;
import dev.caravan.simulator.Fault;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** The answer to a create is lost: the batch is found in the list, or proved never to have come. */
@Tag("faults")
class LostAnswerTest {
  private static final int RECORDS = 20;

  @TempDir Path home;

  private static Map<String, Fault[]> losses() {
    Map<String, Fault[]> losses = new LinkedHashMap<>();
    losses.put("before anything was accepted", faults(new Fault.CutBefore(Endpoint.CREATE)));
    losses.put("within the upload", faults(new Fault.CutBody(Endpoint.CREATE, 5000)));
    losses.put("before the body", faults(new Fault.CutAfter(Endpoint.CREATE)));
    losses.put("within the body", faults(new Fault.CutAnswer(Endpoint.CREATE, 40, false)));
    losses.put(
        "within the body, by a reset", faults(new Fault.CutAnswer(Endpoint.CREATE, 40, true)));
    losses.put("after the body", faults(new Fault.CutAnswer(Endpoint.CREATE, 9999, false)));
    losses.put("by http.create-timeout", faults(new Fault.Hang(Endpoint.CREATE, SILENCE)));
    losses.put(
        "behind a 529, though accepted",
        faults(new Fault.Refuse(Endpoint.CREATE, 529, null, null, null, 30, true)));
    losses.put(
        "twice in a row, then accepted",
        faults(new Fault.CutBefore(Endpoint.CREATE), new Fault.CutBefore(Endpoint.CREATE)));
    losses.put(
        "twice in a row, the second accepted",
        faults(new Fault.CutBefore(Endpoint.CREATE), new Fault.CutAfter(Endpoint.CREATE)));
    losses.put("and accepted 1 s later", faults(new Fault.AcceptLate(Duration.ofSeconds(1))));
    losses.put("and accepted 5 min later", faults(new Fault.AcceptLate(Duration.ofMinutes(5))));
    return losses;
  }

  private static final Duration SILENCE = Duration.ofSeconds(3);

  private static Fault[] faults(Fault... faults) {
    return faults;
  }

  private InvoiceNight night(TestDatabase database) throws Exception {
    return InvoiceNight.in(home, database, o -> o.withMaxPage(2))
        .set("http.create-timeout", "2s")
        .set("http.read-timeout", "10s")
        .start();
  }

  @EachDatabase({DatabaseVendor.POSTGRESQL, DatabaseVendor.MARIADB})
  void isAcceptedOnceWhereverTheAnswerBrokeOff(TestDatabase database) throws Exception {
    try (InvoiceNight night = night(database)) {
      int accepted = 0;
      for (Map.Entry<String, Fault[]> loss : losses().entrySet()) {
        night.simulator().clearFaults().faults(loss.getValue());
        night.more(RECORDS).untilDone(Duration.ofMinutes(1));
        assertThat(night.accepted()).as(loss.getKey()).isEqualTo(++accepted);
        FaultTable.tried("answer to create lost " + loss.getKey(), night);
      }
      assertThat(night.count("invoices where loads <> 1")).isZero();
    }
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void isToldFromBatchesOfOtherToolsOfTheSameCountAndTime(TestDatabase database) throws Exception {
    try (InvoiceNight night = night(database)) {
      for (Fault loss :
          faults(
              new Fault.CutAfter(Endpoint.CREATE),
              new Fault.CutBefore(Endpoint.CREATE),
              new Fault.AcceptLate(Duration.ofMinutes(5)))) {
        long before = night.accepted();
        night.simulator().foreignBatch(RECORDS);
        night.simulator().faults(loss);
        night.more(RECORDS);
        night.simulator().foreignBatch(RECORDS);
        night.simulator().foreignBatch(RECORDS + 1);
        night.untilDone(Duration.ofMinutes(1));
        assertThat(night.accepted()).isEqualTo(before + 1);
        FaultTable.tried("answer to create lost beside foreign batches of the same count", night);
      }
      assertThat(night.count("caravan_candidate where state = 'excluded'")).isPositive();
      assertThat(night.count("caravan_candidate where state = 'open'")).isZero();
    }
  }

  @EachDatabase(DatabaseVendor.MARIADB)
  void isNotGivenUpWhileAPageOfTheListCanNotBeRead(TestDatabase database) throws Exception {
    try (InvoiceNight night = night(database)) {
      for (Fault broken :
          faults(Fault.refuse(Endpoint.LIST, 500), new Fault.CutAnswer(Endpoint.LIST, 30, false))) {
        long before = night.accepted();
        night.simulator().faults(new Fault.AcceptLate(Duration.ofMinutes(9)));
        night.more(RECORDS);
        for (int i = 1; i <= 5; i++) {
          // newest first: ours stands on the second page, which fails
          night.simulator().foreignBatch(i);
        }
        for (int look = 0; look < 5; look++) {
          night.simulator().clearFaults().fault(broken, 1, 3);
          night.minutes(3).poll();
          assertThat(night.newest().doubtLooks()).isZero();
        }
        night.simulator().clearFaults();
        night.untilDone(Duration.ofMinutes(1));
        assertThat(night.accepted()).isEqualTo(before + 1);
        FaultTable.tried("answer to create lost and the list breaks off on its 2nd page", night);
      }
    }
  }
}
